package dev.glimpse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.support.Configs;
import io.fabric8.knative.serving.v1.RevisionSpec;
import io.fabric8.knative.serving.v1.Service;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Glimpse's container as one platform runs it.
 *
 * @param grace the time from the pod's deletion until what is left of it is killed
 * @param head how much of that is over before Glimpse hears SIGTERM
 * @param timeout what the platform gives one request
 * @param concurrency how many requests the platform lets in at a time
 */
record Workload(
    String file,
    Container container,
    List<Volume> volumes,
    Duration grace,
    Duration head,
    OptionalLong timeout,
    OptionalLong concurrency) {

  /**
   * How long Knative's queue-proxy waits, on the pod's deletion, for requests that do not come any
   * more; until then it keeps Glimpse from being told ({@code drainSleepDuration} in its source).
   */
  private static final Duration QUEUE_PROXY = Duration.ofSeconds(30);

  static Stream<Workload> all() {
    return Stream.of(knative(), kserve(), kserveRuntime(), kubernetes());
  }

  static Workload knative() {
    String file = "knative/service.yaml";
    RevisionSpec spec = Manifests.read(file, Service.class).getSpec().getTemplate().getSpec();
    return behindQueueProxy(
        file,
        spec.getContainers(),
        spec.getVolumes(),
        spec.getTimeoutSeconds(),
        spec.getContainerConcurrency());
  }

  static Workload kserve() {
    String file = "kserve/inferenceservice.yaml";
    InferenceService.Predictor predictor =
        Manifests.read(file, InferenceService.class).spec().predictor();
    return behindQueueProxy(
        file,
        predictor.pod().getContainers(),
        predictor.pod().getVolumes(),
        predictor.extension().timeout(),
        predictor.extension().containerConcurrency());
  }

  /** The container of the runtime, for the InferenceService that names it. */
  static Workload kserveRuntime() {
    String file = "kserve/serving-runtime.yaml";
    ServingRuntime.Spec runtime = Manifests.read(file, ServingRuntime.class).spec();
    InferenceService service = Manifests.read("kserve/model.yaml", InferenceService.class);
    InferenceService.Extension settings = service.spec().predictor().extension();
    only(runtime.containers()).getEnv().stream()
        .filter(variable -> variable.getValue().equals("{{.Name}}"))
        .forEach(variable -> variable.setValue(service.metadata().getName()));
    return behindQueueProxy(
        file,
        runtime.containers(),
        runtime.volumes(),
        settings.timeout(),
        settings.containerConcurrency());
  }

  static Workload kubernetes() {
    String file = "kubernetes/deployment.yaml";
    PodSpec pod = Manifests.read(file, Deployment.class).getSpec().getTemplate().getSpec();
    return new Workload(
        file,
        only(pod.getContainers()),
        pod.getVolumes(),
        Duration.ofSeconds(pod.getTerminationGracePeriodSeconds()),
        Duration.ZERO,
        OptionalLong.empty(),
        OptionalLong.empty());
  }

  /** Knative makes the time for one request the pod's grace period too. */
  private static Workload behindQueueProxy(
      String file,
      List<Container> containers,
      List<Volume> volumes,
      long timeout,
      long concurrency) {
    return new Workload(
        file,
        only(containers),
        volumes,
        Duration.ofSeconds(timeout),
        QUEUE_PROXY,
        OptionalLong.of(timeout),
        OptionalLong.of(concurrency));
  }

  private static Container only(List<Container> containers) {
    if (containers.size() != 1) {
      throw new IllegalStateException(containers.size() + " containers");
    }
    return containers.get(0);
  }

  Map<String, String> environment() {
    return container.getEnv().stream().collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue));
  }

  /** Returns the settings as the service makes them of the container's variables. */
  GlimpseConfig config() {
    return config(container);
  }

  /**
   * Returns the settings as the service makes them of a container's variables.
   *
   * @throws AssertionError if one is no setting
   * @throws RuntimeException if a value is not one that the setting takes
   */
  static GlimpseConfig config(Container container) {
    return Configs.of(settings(container));
  }

  /** Returns a container's variables by the keys of the settings. */
  static Map<String, String> settings(Container container) {
    Map<String, String> keys =
        ConfigMappings.getProperties(ConfigClass.configClass(GlimpseConfig.class)).keySet().stream()
            .collect(
                Collectors.toMap(
                    key -> key.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT),
                    key -> key));
    assertThat(container.getEnv()).extracting(EnvVar::getName).isSubsetOf(keys.keySet());
    return container.getEnv().stream()
        .collect(Collectors.toMap(variable -> keys.get(variable.getName()), EnvVar::getValue));
  }

  @Override
  public String toString() {
    return file;
  }
}
