package dev.glimpse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.glimpse.deploy.Manifests.Kustomization;
import dev.glimpse.deploy.Manifests.Patch;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.openshift.api.model.monitoring.v1.PodMetricsEndpoint;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Prometheus Operator finds the pods, their port and the rules. */
class PrometheusOperatorTest {

  private static final String OVERLAY = "overlays/management-port/";

  private final Deployment deployment =
      Manifests.read("kubernetes/deployment.yaml", Deployment.class);
  private final PodMonitor monitor =
      Manifests.read("prometheus/operator/pod-monitor.yaml", PodMonitor.class);

  @Test
  void theMonitorFindsThePods() {
    assertThat(deployment.getSpec().getTemplate().getMetadata().getLabels())
        .containsAllEntriesOf(monitor.getSpec().getSelector().getMatchLabels())
        .containsEntry(monitor.getSpec().getJobLabel(), "glimpse");
  }

  @Test
  void theMonitorFindsThePortAndThePath() {
    PodMetricsEndpoint endpoint = endpoint(monitor);
    assertThat(endpoint.getPort()).isEqualTo(container(deployment).getPorts().get(0).getName());
    assertThat(endpoint.getPath())
        .isEqualTo(
            deployment
                .getSpec()
                .getTemplate()
                .getMetadata()
                .getAnnotations()
                .get("prometheus.io/path"));
  }

  @Test
  void theRulesAreThoseOfPrometheus() {
    JsonNode rule = Manifests.tree("prometheus/operator/prometheus-rule.yaml");
    assertThat(rule.path("spec")).isEqualTo(Manifests.tree("prometheus/alerts.yaml"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"kubernetes", "prometheus/operator", "overlays/management-port"})
  void everyFileOfAKustomizationIsThere(String folder) {
    Kustomization kustomization =
        Manifests.read(folder + "/kustomization.yaml", Kustomization.class);
    List<Patch> patches = kustomization.patches() == null ? List.of() : kustomization.patches();
    assertThat(Stream.concat(kustomization.resources().stream(), patches.stream().map(Patch::path)))
        .allSatisfy(file -> {
          Path path = Manifests.FOLDER.resolve(folder).resolve(file);
          assertThat(Files.isDirectory(path) ? path.resolve("kustomization.yaml") : path).exists();
        });
  }

  @Test
  void whereThereIsAManagementPortScraperAndProbesUseIt() {
    Deployment patch = Manifests.read(OVERLAY + "deployment-patch.yaml", Deployment.class);
    PodMonitor scraper = Manifests.read(OVERLAY + "pod-monitor-patch.yaml", PodMonitor.class);
    Container container = container(patch);
    ContainerPort port = container.getPorts().get(0);

    assertThat(patch.getMetadata().getName()).isEqualTo(deployment.getMetadata().getName());
    assertThat(scraper.getMetadata().getName()).isEqualTo(monitor.getMetadata().getName());
    assertThat(container.getName()).isEqualTo(container(deployment).getName());
    assertThat(container.getEnv())
        .containsExactly(
            new EnvVar("GLIMPSE_MANAGEMENT_LISTEN", "0.0.0.0:" + port.getContainerPort(), null));
    assertThat(patch.getSpec().getTemplate().getMetadata().getAnnotations())
        .containsEntry("prometheus.io/port", port.getContainerPort().toString());
    assertThat(endpoint(scraper).getPort()).isEqualTo(port.getName());
    assertThat(endpoint(scraper).getPath()).isEqualTo(endpoint(monitor).getPath());
    assertThat(
            Stream.of(
                container.getStartupProbe(),
                container.getReadinessProbe(),
                container.getLivenessProbe()))
        .extracting((Probe probe) -> probe.getHttpGet().getPort().getStrVal())
        .containsOnly(port.getName());
  }

  private static Container container(Deployment deployment) {
    return deployment.getSpec().getTemplate().getSpec().getContainers().get(0);
  }

  private static PodMetricsEndpoint endpoint(PodMonitor monitor) {
    return monitor.getSpec().getPodMetricsEndpoints().get(0);
  }
}
