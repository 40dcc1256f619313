package dev.glimpse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.deploy.Manifests.Kustomization;
import io.fabric8.knative.serving.v1.TrafficTarget;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.CrossVersionObjectReference;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The files of deploy/ that belong together name each other by the right names. */
class KubernetesTest {

  private final Deployment deployment =
      Manifests.read("kubernetes/deployment.yaml", Deployment.class);
  private final Map<String, String> labels =
      deployment.getSpec().getTemplate().getMetadata().getLabels();

  @Test
  void theDeploymentFindsItsPods() {
    assertThat(labels)
        .containsAllEntriesOf(deployment.getSpec().getSelector().getMatchLabels())
        .isNotEmpty();
  }

  @Test
  void theServiceFindsThePodsAndTheirPort() {
    Service service = Manifests.read("kubernetes/service.yaml", Service.class);
    assertThat(labels).containsAllEntriesOf(service.getSpec().getSelector());
    assertThat(service.getSpec().getPorts())
        .singleElement()
        .extracting(ServicePort::getTargetPort)
        .hasFieldOrPropertyWithValue("strVal", port().getName());
  }

  @Test
  void theScraperFindsThePort() {
    assertThat(deployment.getSpec().getTemplate().getMetadata().getAnnotations())
        .containsEntry("prometheus.io/port", port().getContainerPort().toString());
  }

  @Test
  void theAutoscalerScalesTheDeploymentWhichLeavesItToThat() {
    HorizontalPodAutoscaler autoscaler =
        Manifests.read("kubernetes/autoscaler.yaml", HorizontalPodAutoscaler.class);
    CrossVersionObjectReference target = autoscaler.getSpec().getScaleTargetRef();
    assertThat(target.getApiVersion()).isEqualTo(deployment.getApiVersion());
    assertThat(target.getKind()).isEqualTo(deployment.getKind());
    assertThat(target.getName()).isEqualTo(deployment.getMetadata().getName());
    assertThat(deployment.getSpec().getReplicas()).isNull();
  }

  @Test
  void aNodeCanBeDrainedAndOnePodStays() {
    PodDisruptionBudget budget =
        Manifests.read("kubernetes/disruption-budget.yaml", PodDisruptionBudget.class);
    assertThat(labels).containsAllEntriesOf(budget.getSpec().getSelector().getMatchLabels());
    assertThat(budget.getSpec().getMaxUnavailable().getIntVal())
        .isPositive()
        .isLessThan(
            Manifests.read("kubernetes/autoscaler.yaml", HorizontalPodAutoscaler.class)
                .getSpec()
                .getMinReplicas());
  }

  @Test
  void kubectlAppliesEveryFileOfTheFolder() {
    String kustomization = "kubernetes/kustomization.yaml";
    assertThat(Manifests.read(kustomization, Kustomization.class).resources())
        .map(file -> "kubernetes/" + file)
        .containsExactlyInAnyOrderElementsOf(
            Manifests.TYPES.keySet().stream()
                .filter(file -> file.startsWith("kubernetes/") && !file.equals(kustomization))
                .toList());
  }

  @Test
  void theCanaryAndTheRestAreAllRequests() {
    List<TrafficTarget> traffic =
        Manifests.read("knative/canary.yaml", io.fabric8.knative.serving.v1.Service.class)
            .getSpec()
            .getTraffic();
    assertThat(traffic.stream().mapToLong(TrafficTarget::getPercent).sum()).isEqualTo(100);
    assertThat(traffic)
        .filteredOn(target -> Boolean.TRUE.equals(target.getLatestRevision()))
        .singleElement()
        .extracting(TrafficTarget::getRevisionName)
        .isNull();
  }

  @Test
  void thePodsAreSpreadOverNodesAndZones() {
    assertThat(deployment.getSpec().getTemplate().getSpec().getTopologySpreadConstraints())
        .hasSize(2)
        .allSatisfy(spread ->
            assertThat(labels)
                .containsAllEntriesOf(spread.getLabelSelector().getMatchLabels())
                .isNotEmpty());
  }

  private ContainerPort port() {
    return Workload.kubernetes().container().getPorts().get(0);
  }
}
