package dev.glimpse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.glimpse.deploy.Manifests.Kustomization;
import dev.glimpse.deploy.Manifests.Patch;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricSpec;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.Gateway;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The components of deploy/ change what is there, and name it by the right names. */
class ComponentsTest {

  private static final String KUSTOMIZATION = "/kustomization.yaml";

  /** As {@code ServingMetricsTest} finds it at the service. */
  private static final String QUEUE = "glimpse_queue_depth";

  private final Deployment base = Manifests.read("kubernetes/deployment.yaml", Deployment.class);

  static Stream<String> folders() {
    return Manifests.TYPES.keySet().stream()
        .filter(file -> file.endsWith(KUSTOMIZATION))
        .map(file -> file.substring(0, file.length() - KUSTOMIZATION.length()))
        .sorted();
  }

  static Stream<String> components() {
    return folders().filter(folder -> folder.startsWith("components/"));
  }

  static Stream<String> deploymentPatches() {
    return files("/deployment-patch.yaml").filter(file -> file.startsWith("components/"));
  }

  static Stream<String> policies() {
    return files("/network-policy.yaml");
  }

  private static Stream<String> files(String suffix) {
    return Manifests.TYPES.keySet().stream().filter(file -> file.endsWith(suffix)).sorted();
  }

  @ParameterizedTest
  @MethodSource("folders")
  void everythingThatAKustomizationNamesIsThere(String folder) {
    Path at = Manifests.FOLDER.resolve(folder);
    Kustomization kustomization = Manifests.read(folder + KUSTOMIZATION, Kustomization.class);

    assertThat(
            Stream.of(kustomization.resources(), kustomization.components())
                .flatMap(ComponentsTest::stream)
                .map(at::resolve)
                .map(path -> Files.isDirectory(path) ? path.resolve("kustomization.yaml") : path))
        .allSatisfy(path -> assertThat(path).isRegularFile());
    assertThat(stream(kustomization.patches()).map(Patch::path).map(at::resolve))
        .allSatisfy(path -> assertThat(path).isRegularFile());
  }

  @ParameterizedTest
  @MethodSource("components")
  void everyFileOfAComponentIsNamedInIt(String folder) throws IOException {
    Kustomization kustomization = Manifests.read(folder + KUSTOMIZATION, Kustomization.class);
    Set<String> named =
        Stream.concat(
                stream(kustomization.resources()), stream(kustomization.patches()).map(Patch::path))
            .collect(Collectors.toSet());
    assertThat(kustomization.kind()).isEqualTo("Component");
    try (Stream<Path> files = Files.list(Manifests.FOLDER.resolve(folder))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .filteredOn(name ->
              !Set.of("kustomization.yaml", "prometheus-adapter.yaml", "copy-pod.yaml")
                  .contains(name))
          .containsExactlyInAnyOrderElementsOf(named);
    }
  }

  /** Without such a resource kustomize stops; this says it where there is no kustomize. */
  @ParameterizedTest
  @MethodSource("components")
  void everyPatchChangesAResourceOfTheBase(String folder) {
    Set<String> resources =
        stream(Manifests.read("kubernetes" + KUSTOMIZATION, Kustomization.class).resources())
            .map(file -> identity("kubernetes/" + file))
            .collect(Collectors.toSet());
    assertThat(stream(Manifests.read(folder + KUSTOMIZATION, Kustomization.class).patches()))
        .allSatisfy(patch -> assertThat(resources).contains(identity(folder + "/" + patch.path())));
  }

  private static String identity(String file) {
    JsonNode tree = Manifests.tree(file);
    assertThat(tree.at("/metadata/name").isTextual()).isTrue();
    return tree.path("apiVersion").asText()
        + " "
        + tree.path("kind").asText()
        + " "
        + tree.at("/metadata/name").asText();
  }

  @ParameterizedTest
  @MethodSource("deploymentPatches")
  void aPatchOfTheDeploymentChangesItsContainerByGoodSettings(String file) {
    Container container = only(pod(file).getContainers());

    assertThat(container.getName()).isEqualTo(only(pod(base).getContainers()).getName());
    assertThat(container.getEnv())
        .extracting(EnvVar::getName)
        .contains("GLIMPSE_MODELS_PATH")
        .doesNotContainAnyElementsOf(
            only(pod(base).getContainers()).getEnv().stream().map(EnvVar::getName).toList());
    assertThat(Workload.config(container).models().path())
        .isEqualTo(Path.of(mount(container, "models").getMountPath()));
  }

  @ParameterizedTest
  @MethodSource("deploymentPatches")
  void whatIsMountedIsAVolumeOfThePod(String file) {
    PodSpec pod = pod(file);
    Set<String> volumes =
        Stream.concat(pod.getVolumes().stream(), pod(base).getVolumes().stream())
            .map(Volume::getName)
            .collect(Collectors.toSet());
    assertThat(Stream.concat(pod.getContainers().stream(), pod.getInitContainers().stream()))
        .flatExtracting(Container::getVolumeMounts)
        .extracting(VolumeMount::getName)
        .isSubsetOf(volumes);
    assertThat(mount(only(pod.getContainers()), "models").getReadOnly()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("deploymentPatches")
  void anInitContainerHasNoMoreRightsThanTheServiceAndFillsTheModels(String file) {
    assertThat(pod(file).getInitContainers())
        .allSatisfy(init -> {
          assertThat(init.getSecurityContext())
              .isEqualTo(only(pod(base).getContainers()).getSecurityContext());
          assertThat(init.getResources().getLimits()).containsOnlyKeys("cpu", "memory");
          assertThat(mount(init, "models").getReadOnly()).isNull();
        });
  }

  @Test
  void theInitContainerPullsIntoItsVolumeAModelOfTheCatalogue() throws IOException {
    Container init =
        only(pod("components/models-pulled/deployment-patch.yaml").getInitContainers());

    assertThat(init.getArgs()).startsWith("models", "pull");
    assertThat(Files.readString(Path.of("src/main/resources/catalogue.json")))
        .contains("\"" + init.getArgs().get(2) + "\"");
    assertThat(Workload.config(init).models().path())
        .isEqualTo(Path.of(mount(init, "models").getMountPath()));
    assertThat(init.getImage()).isEqualTo(only(pod(base).getContainers()).getImage());
  }

  @Test
  void theVolumeIsTheOneThatIsClaimed() {
    assertThat(pod("components/models-volume/deployment-patch.yaml").getVolumes())
        .singleElement()
        .extracting(volume -> volume.getPersistentVolumeClaim().getClaimName())
        .isEqualTo(
            Manifests.tree("components/models-volume/volume-claim.yaml")
                .at("/metadata/name")
                .asText());
  }

  @Test
  void thePodThatFillsTheVolumeMayWriteToItAsTheServicesUser() {
    PodSpec pod = Manifests.read("components/models-volume/copy-pod.yaml", Pod.class).getSpec();
    Container container = only(pod.getContainers());

    assertThat(only(pod.getVolumes()).getPersistentVolumeClaim().getClaimName())
        .isEqualTo(
            Manifests.tree("components/models-volume/volume-claim.yaml")
                .at("/metadata/name")
                .asText());
    assertThat(mount(container, only(pod.getVolumes()).getName()).getReadOnly()).isNull();
    assertThat(container.getSecurityContext())
        .isEqualTo(only(pod(base).getContainers()).getSecurityContext());
    assertThat(pod.getSecurityContext().getFsGroup())
        .isEqualTo(container.getSecurityContext().getRunAsUser());
  }

  /** They are on a port that the Service does not have. */
  @Test
  void inProductionTheGatewayDoesNotLeadToMetricsAndHealth() {
    Kustomization production =
        Manifests.read("overlays/production/kustomization.yaml", Kustomization.class);
    assertThat(production.components()).contains("../../components/gateway");
    assertThat(production.resources()).containsExactly("../management-port");
  }

  @Test
  void bothAutoscalersAskForTheQueueOfTheService() {
    PrometheusAdapter.Rule rule =
        only(
            Manifests.read(
                    "components/queue-autoscaler/prometheus-adapter.yaml", PrometheusAdapter.class)
                .rules()
                .custom());
    assertThat(rule.name().as()).isEqualTo(QUEUE);
    assertThat(rule.seriesQuery()).startsWith(QUEUE + "{");
    assertThat(metrics("components/queue-autoscaler/autoscaler-patch.yaml"))
        .filteredOn(metric -> metric.getType().equals("Pods"))
        .singleElement()
        .extracting(metric -> metric.getPods().getMetric().getName())
        .isEqualTo(QUEUE);
    assertThat(metrics("components/queue-autoscaler/autoscaler-patch.yaml"))
        .containsAll(metrics("kubernetes/autoscaler.yaml"));
    assertThat(scaled().triggers())
        .filteredOn(trigger -> trigger.type().equals("prometheus"))
        .singleElement()
        .satisfies(trigger -> assertThat(trigger.metadata().query()).contains(QUEUE + "{"));
  }

  @Test
  void kedaScalesTheDeploymentWithinTheSameBounds() {
    HorizontalPodAutoscaler autoscaler =
        Manifests.read("kubernetes/autoscaler.yaml", HorizontalPodAutoscaler.class);
    assertThat(scaled().scaleTargetRef().name()).isEqualTo(base.getMetadata().getName());
    assertThat(scaled().minReplicaCount()).isEqualTo(autoscaler.getSpec().getMinReplicas());
    assertThat(scaled().maxReplicaCount()).isEqualTo(autoscaler.getSpec().getMaxReplicas());
  }

  @ParameterizedTest
  @MethodSource("policies")
  void policiesAreForThePods(String file) {
    NetworkPolicy policy = Manifests.read(file, NetworkPolicy.class);
    assertThat(base.getSpec().getTemplate().getMetadata().getLabels())
        .containsAllEntriesOf(policy.getSpec().getPodSelector().getMatchLabels())
        .isNotEmpty();
  }

  @Test
  void requestsComeInAndNothingGoesOut() {
    NetworkPolicy policy =
        Manifests.read("components/network-policy/network-policy.yaml", NetworkPolicy.class);
    assertThat(policy.getSpec().getPolicyTypes()).containsExactly("Ingress", "Egress");
    assertThat(policy.getSpec().getEgress()).isEmpty();
    assertThat(policy.getSpec().getIngress().get(0).getPorts())
        .singleElement()
        .extracting(port -> port.getPort().getStrVal())
        .isEqualTo(only(pod(base).getContainers()).getPorts().get(0).getName());
  }

  @Test
  void theGatewayLeadsToTheService() {
    Gateway gateway = Manifests.read("components/gateway/gateway.yaml", Gateway.class);
    HTTPRoute route = Manifests.read("components/gateway/http-route.yaml", HTTPRoute.class);
    JsonNode service = Manifests.tree("kubernetes/service.yaml");

    assertThat(only(route.getSpec().getParentRefs()).getName())
        .isEqualTo(gateway.getMetadata().getName());
    assertThat(route.getSpec().getHostnames())
        .containsExactly(only(gateway.getSpec().getListeners()).getHostname());
    assertThat(only(only(route.getSpec().getRules()).getBackendRefs()))
        .satisfies(backend -> {
          assertThat(backend.getName()).isEqualTo(service.at("/metadata/name").asText());
          assertThat(backend.getPort()).isEqualTo(service.at("/spec/ports/0/port").asInt());
        });
  }

  @Test
  void theIngressLeadsToTheServiceAndLetsItsLargestBodyIn() {
    Ingress ingress = Manifests.read("components/ingress/ingress.yaml", Ingress.class);
    JsonNode service = Manifests.tree("kubernetes/service.yaml");
    var rule = only(ingress.getSpec().getRules());

    assertThat(only(ingress.getSpec().getTls()).getHosts()).containsExactly(rule.getHost());
    assertThat(only(rule.getHttp().getPaths()).getBackend().getService())
        .satisfies(backend -> {
          assertThat(backend.getName()).isEqualTo(service.at("/metadata/name").asText());
          assertThat(backend.getPort().getName())
              .isEqualTo(service.at("/spec/ports/0/name").asText());
        });
    assertThat(ingress.getMetadata().getAnnotations())
        .containsEntry(
            "nginx.ingress.kubernetes.io/proxy-body-size",
            (Workload.kubernetes().config().image().maxBytes().asLongValue() >> 20) + "m")
        .containsEntry(
            "nginx.ingress.kubernetes.io/proxy-read-timeout",
            "" + Workload.kubernetes().config().deadline().max().toSeconds());
  }

  private static ScaledObject.Spec scaled() {
    return Manifests.read("components/keda/scaled-object.yaml", ScaledObject.class).spec();
  }

  private static List<MetricSpec> metrics(String file) {
    return Manifests.read(file, HorizontalPodAutoscaler.class).getSpec().getMetrics();
  }

  private static PodSpec pod(String file) {
    return pod(Manifests.read(file, Deployment.class));
  }

  private static PodSpec pod(Deployment deployment) {
    return deployment.getSpec().getTemplate().getSpec();
  }

  private static VolumeMount mount(Container container, String volume) {
    return only(
        container.getVolumeMounts().stream()
            .filter(mount -> mount.getName().equals(volume))
            .toList());
  }

  private static <T> Stream<T> stream(List<T> list) {
    return Stream.ofNullable(list).flatMap(List::stream);
  }

  private static <T> T only(List<T> list) {
    assertThat(list).hasSize(1);
    return Objects.requireNonNull(list.get(0));
  }
}
