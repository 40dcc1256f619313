package dev.glimpse.deploy;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.knative.serving.v1.Service;
import io.fabric8.knative.sources.v1.SinkBinding;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.Gateway;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRuleSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The files of {@code deploy/}, read into the platforms' own types. As at the platforms, a key that
 * is unknown or there twice, or a number where a text belongs, is refused.
 */
final class Manifests {

  static final Path FOLDER = Path.of("deploy");

  /** Every file, with what it is. */
  static final Map<String, Class<?>> TYPES =
      Map.ofEntries(
          Map.entry("knative/service.yaml", Service.class),
          Map.entry("knative/canary.yaml", Service.class),
          Map.entry("knative/grpc-patch.yaml", Operation[].class),
          Map.entry("knative/sink-binding.yaml", SinkBinding.class),
          Map.entry("kubernetes/deployment.yaml", Deployment.class),
          Map.entry("kubernetes/service.yaml", io.fabric8.kubernetes.api.model.Service.class),
          Map.entry("kubernetes/autoscaler.yaml", HorizontalPodAutoscaler.class),
          Map.entry("kubernetes/disruption-budget.yaml", PodDisruptionBudget.class),
          Map.entry("kubernetes/kustomization.yaml", Kustomization.class),
          Map.entry("kserve/inferenceservice.yaml", InferenceService.class),
          Map.entry("prometheus/alerts.yaml", PrometheusRuleSpec.class),
          Map.entry("prometheus/operator/kustomization.yaml", Kustomization.class),
          Map.entry("prometheus/operator/pod-monitor.yaml", PodMonitor.class),
          Map.entry("prometheus/operator/prometheus-rule.yaml", PrometheusRule.class),
          Map.entry("overlays/management-port/kustomization.yaml", Kustomization.class),
          Map.entry("overlays/management-port/deployment-patch.yaml", Deployment.class),
          Map.entry("overlays/management-port/pod-monitor-patch.yaml", PodMonitor.class),
          Map.entry("kserve/model.yaml", InferenceService.class),
          Map.entry("kserve/serving-runtime.yaml", ServingRuntime.class),
          Map.entry("cloud-run/service.yaml", Service.class),
          Map.entry("components/egress-https/kustomization.yaml", Kustomization.class),
          Map.entry("components/egress-https/network-policy.yaml", NetworkPolicy.class),
          Map.entry("components/egress-redis/kustomization.yaml", Kustomization.class),
          Map.entry("components/egress-redis/network-policy.yaml", NetworkPolicy.class),
          Map.entry("components/egress-sinks/kustomization.yaml", Kustomization.class),
          Map.entry("components/egress-sinks/network-policy.yaml", NetworkPolicy.class),
          Map.entry("components/gateway/kustomization.yaml", Kustomization.class),
          Map.entry("components/gateway/gateway.yaml", Gateway.class),
          Map.entry("components/gateway/http-route.yaml", HTTPRoute.class),
          Map.entry("components/grpc/kustomization.yaml", Kustomization.class),
          Map.entry("components/grpc/probes-patch.yaml", Deployment.class),
          Map.entry(
              "components/grpc/service-patch.yaml", io.fabric8.kubernetes.api.model.Service.class),
          Map.entry("components/ingress/kustomization.yaml", Kustomization.class),
          Map.entry("components/ingress/ingress.yaml", Ingress.class),
          Map.entry("components/keda/kustomization.yaml", Kustomization.class),
          Map.entry("components/keda/autoscaler-patch.yaml", Deletion.class),
          Map.entry("components/keda/scaled-object.yaml", ScaledObject.class),
          Map.entry("components/models-copied/kustomization.yaml", Kustomization.class),
          Map.entry("components/models-copied/deployment-patch.yaml", Deployment.class),
          Map.entry("components/models-image/kustomization.yaml", Kustomization.class),
          Map.entry("components/models-image/deployment-patch.yaml", Deployment.class),
          Map.entry("components/models-pulled/kustomization.yaml", Kustomization.class),
          Map.entry("components/models-pulled/deployment-patch.yaml", Deployment.class),
          Map.entry("components/models-volume/kustomization.yaml", Kustomization.class),
          Map.entry("components/models-volume/copy-pod.yaml", Pod.class),
          Map.entry("components/models-volume/deployment-patch.yaml", Deployment.class),
          Map.entry("components/models-volume/volume-claim.yaml", PersistentVolumeClaim.class),
          Map.entry("components/network-policy/kustomization.yaml", Kustomization.class),
          Map.entry("components/network-policy/network-policy.yaml", NetworkPolicy.class),
          Map.entry("components/queue-autoscaler/kustomization.yaml", Kustomization.class),
          Map.entry(
              "components/queue-autoscaler/autoscaler-patch.yaml", HorizontalPodAutoscaler.class),
          Map.entry("components/queue-autoscaler/prometheus-adapter.yaml", PrometheusAdapter.class),
          Map.entry("overlays/production/kustomization.yaml", Kustomization.class));

  private static final ObjectMapper MAPPER =
      YAMLMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_IGNORED_PROPERTIES)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .withCoercionConfig(
              LogicalType.Textual,
              text -> {
                text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail);
                text.setCoercion(CoercionInputShape.Float, CoercionAction.Fail);
                text.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
              })
          .annotationIntrospector(new NoAnySetters())
          .build();

  /** What kubectl reads when it is given a folder. */
  record Kustomization(
      String apiVersion,
      String kind,
      @Nullable String namespace,
      @Nullable List<String> resources,
      @Nullable List<String> components,
      @Nullable List<Patch> patches,
      @Nullable List<Image> images) {}

  /** A step of a patch in JSON. */
  record Operation(String op, String path, String value) {}

  /** A file that changes a resource. */
  record Patch(String path) {}

  /** An image's name and tag in the place of others. */
  record Image(String name, String newName, String newTag) {}

  /** A patch that removes a resource. */
  record Deletion(
      String apiVersion, String kind, ObjectMeta metadata, @JsonProperty("$patch") String patch) {}

  /** The published types have a place for unknown keys; here nothing may go there. */
  private static final class NoAnySetters extends JacksonAnnotationIntrospector {

    private static final long serialVersionUID = 1;

    @Override
    public Boolean hasAnySetter(Annotated member) {
      return false;
    }
  }

  private Manifests() {}

  /** The file as it is, without its meaning. */
  static JsonNode tree(String file) {
    try {
      return MAPPER
          .reader()
          .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .readTree(Files.readString(FOLDER.resolve(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static <T> T read(String file, Class<T> type) {
    try {
      return read(tree(file), type);
    } catch (IOException e) {
      throw new UncheckedIOException(file, e);
    }
  }

  /** The same for a file that has been changed. */
  static <T> T read(JsonNode tree, Class<T> type) throws IOException {
    return MAPPER.treeToValue(tree, type);
  }
}
