package dev.glimpse.deploy;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.api.grpc.services.GrpcClient;
import dev.glimpse.support.ColorModels;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The service answers wherever deploy/ tells a platform to ask. */
@QuarkusTest
@TestProfile(ColorModels.class)
class ProbesTest {

  @ParameterizedTest
  @MethodSource("dev.glimpse.deploy.Workload#all")
  void everyProbeIsAnswered(Workload workload) {
    Container container = workload.container();
    assertThat(container.getReadinessProbe()).isNotNull();
    assertThat(container.getLivenessProbe()).isNotNull();
    List<String> ports = container.getPorts().stream().map(ContainerPort::getName).toList();
    Stream.of(
            container.getStartupProbe(),
            container.getReadinessProbe(),
            container.getLivenessProbe())
        .filter(Objects::nonNull)
        .map(Probe::getHttpGet)
        .forEach(ask -> {
          given().get(ask.getPath()).then().statusCode(200);
          // Knative and KServe know the port by themselves.
          if (workload.head().isZero()) {
            assertThat(ports).contains(ask.getPort().getStrVal());
          }
        });
  }

  /** The kubelet sends the port's number and the name of the service. */
  @Test
  void everyProbeByGrpcIsAnswered() {
    Container container =
        Manifests.read("components/grpc/probes-patch.yaml", Deployment.class)
            .getSpec()
            .getTemplate()
            .getSpec()
            .getContainers()
            .get(0);
    List<Integer> ports =
        Workload.kubernetes().container().getPorts().stream()
            .map(ContainerPort::getContainerPort)
            .toList();
    try (GrpcClient client = new GrpcClient(RestAssured.port)) {
      Stream.of(
              container.getStartupProbe(),
              container.getReadinessProbe(),
              container.getLivenessProbe())
          .forEach(probe -> {
            assertThat(probe.getHttpGet()).isNull();
            assertThat(ports).contains(probe.getGrpc().getPort());
            assertThat(client.isServing(probe.getGrpc().getService())).isTrue();
          });
    }
  }

  @Test
  void metricsAreWhereTheScraperIsSent() {
    String path =
        Manifests.read("kubernetes/deployment.yaml", Deployment.class)
            .getSpec()
            .getTemplate()
            .getMetadata()
            .getAnnotations()
            .get("prometheus.io/path");
    given().get(path).then().statusCode(200);
  }
}
