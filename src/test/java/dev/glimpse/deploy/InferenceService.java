package dev.glimpse.deploy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Map;

/**
 * KServe's InferenceService, with a container of one's own or a model for a runtime. KServe
 * publishes no Java types; these are after <a
 * href="https://github.com/kserve/kserve/blob/master/pkg/apis/serving/v1beta1/component.go">its Go
 * source</a>, without the fields that need an agent beside the container.
 */
record InferenceService(String apiVersion, String kind, ObjectMeta metadata, Spec spec) {

  record Spec(Predictor predictor) {}

  /** In the file the keys of both are in one place. */
  @JsonDeserialize(using = Splitter.class)
  record Predictor(Extension extension, PodSpec pod) {}

  record Extension(
      Integer minReplicas,
      Integer maxReplicas,
      Integer scaleTarget,
      ScaleMetric scaleMetric,
      Long containerConcurrency,
      Long timeout,
      Long canaryTrafficPercent,
      Map<String, String> labels,
      Map<String, String> annotations,
      Model model) {}

  /** A model, and what serves it. */
  record Model(
      String runtime, ModelFormat modelFormat, String protocolVersion, String storageUri) {}

  record ModelFormat(String name) {}

  enum ScaleMetric {
    cpu,
    memory,
    concurrency,
    rps
  }

  /** What is no key of the extension has to be one of a pod. */
  static final class Splitter extends JsonDeserializer<Predictor> {

    @Override
    public Predictor deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      ObjectNode pod = parser.readValueAsTree();
      ObjectNode extension = pod.objectNode();
      Arrays.stream(Extension.class.getRecordComponents())
          .map(RecordComponent::getName)
          .filter(pod::has)
          .forEach(name -> extension.set(name, pod.remove(name)));
      return new Predictor(
          parser.getCodec().treeToValue(extension, Extension.class),
          parser.getCodec().treeToValue(pod, PodSpec.class));
    }
  }
}
