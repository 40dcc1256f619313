package dev.glimpse.support;

import static dev.glimpse.support.TestGraph.OPEN;
import static dev.glimpse.support.TestGraph.attribute;

import dev.glimpse.support.TestGraph.Type;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Serves graphs with elements and outputs of the rarer kinds, which it writes itself. */
public class GeneratedModels implements QuarkusTestProfile {

  private static final Path FOLDER = Path.of("target/generated-models").toAbsolutePath();
  private static final int SIDE = 8;

  @Override
  public Map<String, String> getConfigOverrides() {
    tensors("strings", strings());
    tensors("longs", sum(Type.INT64));
    tensors("doubles", sum(Type.DOUBLE));
    tensors("maps", maps("classlabels_strings", List.of("pear", "apple", "fig"), Type.STRING));
    tensors("numbered-maps", maps("classlabels_int64s", List.of(10, 9, 2), Type.INT64));
    images("bytes", bytes(), "");
    images("first-output", twoOutputs(), "");
    images("chosen-output", twoOutputs(), "\"scores_output\": \"negated\", ");
    return Map.of("glimpse.models.path", FOLDER.toString());
  }

  private static TestGraph strings() {
    return new TestGraph()
        .input("words", Type.STRING, OPEN, 1)
        .output("number", Type.INT64, OPEN, 1)
        .output("same", Type.STRING, OPEN, 1)
        .node(
            "LabelEncoder",
            "ai.onnx.ml",
            List.of("words"),
            "number",
            attribute("keys_strings", List.of("a", "\u00fc")),
            attribute("values_int64s", List.of(1, 2)),
            attribute("default_int64", 7))
        .node("Identity", List.of("words"), "same");
  }

  private static TestGraph sum(Type type) {
    return new TestGraph()
        .input("x", type, OPEN, 2)
        .output("twice", type, OPEN, 2)
        .node("Add", List.of("x", "x"), "twice");
  }

  private static TestGraph maps(String attribute, List<?> keys, Type key) {
    return new TestGraph()
        .input("x", Type.FLOAT, OPEN, 3)
        .outputOfMaps("probabilities", key)
        .node("ZipMap", "ai.onnx.ml", List.of("x"), "probabilities", attribute(attribute, keys));
  }

  private static TestGraph means(String output) {
    return new TestGraph()
        .input("pixel_values", Type.FLOAT, OPEN, 3, SIDE, SIDE)
        .node("GlobalAveragePool", List.of("pixel_values"), "mean")
        .node("Flatten", List.of("mean"), output);
  }

  private static TestGraph bytes() {
    return means("means")
        .floats("scale", new int[0], 0.125f)
        .bytes("zero", Type.UINT8, new int[0], 16)
        .node("QuantizeLinear", List.of("means", "scale", "zero"), "scores")
        .output("scores", Type.UINT8, OPEN, 3);
  }

  private static TestGraph twoOutputs() {
    return means("means")
        .node("Neg", List.of("means"), "negated")
        .output("means", Type.FLOAT, OPEN, 3)
        .output("negated", Type.FLOAT, OPEN, 3);
  }

  private static Path tensors(String name, TestGraph graph) {
    try {
      Path folder = Files.createDirectories(FOLDER.resolve(name).resolve("1"));
      graph.write(folder.resolve("model.onnx"));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void images(String name, TestGraph graph, String key) {
    Path folder = tensors(name, graph);
    try {
      Files.writeString(
          folder.resolve("config.json"),
          "{%s\"id2label\": {\"0\": \"r\", \"1\": \"g\", \"2\": \"b\"}}".formatted(key));
      Files.writeString(
          folder.resolve("preprocessor_config.json"),
          "{\"do_resize\": true, \"size\": {\"height\": 8, \"width\": 8}, \"resample\": 2,"
              + " \"do_rescale\": true, \"do_normalize\": false}");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
