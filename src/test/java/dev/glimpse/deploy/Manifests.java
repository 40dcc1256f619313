package dev.glimpse.deploy;

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
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The files of {@code deploy/}, read into the platforms' own types. As at the platforms, a key that
 * is unknown or there twice, or a number where a text belongs, is refused.
 */
final class Manifests {

  static final Path FOLDER = Path.of("deploy");

  /** Every file, with what it is. */
  static final Map<String, Class<?>> TYPES =
      Map.of(
          "knative/service.yaml", Service.class,
          "knative/canary.yaml", Service.class,
          "kubernetes/deployment.yaml", Deployment.class,
          "kubernetes/service.yaml", io.fabric8.kubernetes.api.model.Service.class,
          "kubernetes/autoscaler.yaml", HorizontalPodAutoscaler.class,
          "kubernetes/disruption-budget.yaml", PodDisruptionBudget.class,
          "kubernetes/kustomization.yaml", Kustomization.class,
          "kserve/inferenceservice.yaml", InferenceService.class);

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
  record Kustomization(String apiVersion, String kind, List<String> resources) {}

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
