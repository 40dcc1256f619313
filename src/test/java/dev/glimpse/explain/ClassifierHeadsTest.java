package dev.glimpse.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glimpse.engine.ClassifierHead;
import dev.glimpse.engine.ClassifierHead.Pooling;
import dev.glimpse.engine.EightBitWeights;
import dev.glimpse.engine.OnnxRuntimeEngine;
import dev.glimpse.engine.OutputChoice;
import dev.glimpse.engine.Session;
import dev.glimpse.engine.Tensor;
import dev.glimpse.engine.TensorSpec;
import dev.glimpse.support.EnabledIfExternalData;
import dev.glimpse.support.Fixtures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares what is found in each kind of graph with NumPy's results: src/test/golden/heads.py. */
class ClassifierHeadsTest {

  private static final Path MODELS = Fixtures.RESOURCES.resolve("models-heads");
  private static final int CLASSES = 5;
  private static final int SIDE = 8;
  private static final OnnxRuntimeEngine ENGINE = new OnnxRuntimeEngine(true);

  static Stream<String> names() throws IOException {
    return expected().propertyStream().map(java.util.Map.Entry::getKey);
  }

  private static JsonNode expected() throws IOException {
    return new ObjectMapper().readTree(Fixtures.RESOURCES.resolve("golden/heads.json").toFile());
  }

  @ParameterizedTest
  @MethodSource("names")
  void mapsAndVectors(String name) throws IOException {
    JsonNode golden = expected().get(name);
    Path graph = MODELS.resolve(name).resolve("1/model.onnx");
    ClassifierHead head = ClassifierHead.of(graph, golden.get("output").asText());

    assertThat(head.vector().isPresent()).isEqualTo(golden.has("vector"));
    if (head.tensors().isEmpty()) {
      return;
    }
    try (Session session =
        ENGINE.loadExposing(graph, head, EightBitWeights.NONE, OutputChoice.LOGITS_OR_FIRST)) {
      List<Tensor> outputs = session.run(List.of(pixels("pixel_values", SIDE)), names(head));
      assertThat(means(outputs.get(0)))
          .containsExactly(floats(golden.get("vector")), within(1e-4f));
      Optional<ActivationMap> map =
          head.pooling().flatMap(pooling -> ActivationMap.of(pooling, outputs.get(1), CLASSES));
      assertThat(map.isPresent()).isEqualTo(golden.has("maps"));
      if (map.isPresent()) {
        assertMaps(map.get(), floats(golden.get("maps")));
      }
    }
  }

  private static void assertMaps(ActivationMap map, float[] expected) {
    float[] all = new float[CLASSES * SIDE * SIDE];
    for (int c = 0; c < CLASSES; c++) {
      ClassMap ofClass = map.of(c);
      assertThat(List.of(ofClass.width(), ofClass.height())).containsExactly(SIDE, SIDE);
      System.arraycopy(ofClass.values(), 0, all, c * SIDE * SIDE, SIDE * SIDE);
    }
    assertThat(all).containsExactly(expected, within(1e-4f));
  }

  @ParameterizedTest
  @ValueSource(strings = {"mobilenet-v2", "mobilenet-v1-0.25-128", "squeezenet-1.1"})
  @EnabledIfExternalData("models")
  void mapsOfRealModels(String name) throws IOException {
    JsonNode golden =
        new ObjectMapper()
            .readTree(Fixtures.RESOURCES.resolve("golden/heads-real.json").toFile())
            .get(name);
    Path graph = Fixtures.asset("models").resolve(name).resolve("model.onnx");
    ClassifierHead head = ClassifierHead.of(graph, golden.get("output").asText());
    Pooling pooling = head.pooling().orElseThrow();
    try (Session session =
        ENGINE.loadExposing(graph, head, EightBitWeights.NONE, OutputChoice.LOGITS_OR_FIRST)) {
      Tensor input = pixels("input", golden.get("side").asInt());
      Tensor map = session.run(List.of(input), Set.of(pooling.map())).get(0);
      ActivationMap maps = ActivationMap.of(pooling, map, 1000).orElseThrow();
      float[] expected = floats(golden.get("maps"));
      int from = 0;
      for (JsonNode each : golden.get("classes")) {
        float[] values = maps.of(each.asInt()).values();
        assertThat(values)
            .containsExactly(
                Arrays.copyOfRange(expected, from, from + values.length), within(1e-4f));
        from += values.length;
      }
      assertThat(from).isEqualTo(expected.length);
    }
  }

  @Test
  void thereIsOneForEachFixture() throws IOException {
    try (Stream<Path> folders = Files.list(MODELS)) {
      assertThat(folders.map(folder -> folder.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(names().toList());
    }
  }

  private static Set<String> names(ClassifierHead head) {
    Set<String> names = new LinkedHashSet<>();
    head.vector().ifPresent(names::add);
    head.pooling().ifPresent(pooling -> names.add(pooling.map()));
    return names;
  }

  private static Tensor pixels(String name, long side) {
    int count = (int) (3 * side * side);
    ByteBuffer data = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      data.putFloat((float) Math.sin(i * 0.37));
    }
    return new Tensor(new TensorSpec(name, "float", List.of(1L, 3L, side, side)), data.flip());
  }

  /** A vector of several places is their mean. */
  private static float[] means(Tensor vector) {
    return Vectors.of(vector);
  }

  private static float[] floats(JsonNode numbers) {
    float[] values = new float[numbers.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = numbers.get(i).floatValue();
    }
    return values;
  }
}
