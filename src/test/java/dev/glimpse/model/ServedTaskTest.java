package dev.glimpse.model;

import static dev.glimpse.support.TestGraph.OPEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.engine.OnnxRuntimeEngine;
import dev.glimpse.engine.Tensor;
import dev.glimpse.engine.TensorSpec;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.recipe.Fact;
import dev.glimpse.repository.ModelFolder;
import dev.glimpse.support.Configs;
import dev.glimpse.support.TestGraph;
import dev.glimpse.support.TestGraph.Type;
import dev.glimpse.workers.WorkerPool;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether a graph and the files beside it are an image classifier. */
class ServedTaskTest {

  private static final GlimpseConfig CONFIG = Configs.defaults();
  private static final OnnxRuntimeEngine ENGINE = new OnnxRuntimeEngine(CONFIG);
  private static final String PREPROCESSOR =
      "{\"do_resize\": true, \"size\": {\"height\": 2, \"width\": 2}, \"resample\": 2,"
          + " \"do_normalize\": false}";

  private final WorkerPool workers = new WorkerPool(CONFIG);
  private final ModelLoader loader =
      new ModelLoader(ENGINE, workers, new ServingMetrics(new SimpleMeterRegistry()), CONFIG);

  @TempDir Path folder;

  @AfterEach
  void stop() {
    workers.close();
  }

  @Test
  void aGraphAloneTakesTensorsThoughItsInputIsAnImage() {
    assertTensors(classifier(3), "no file says how to classify images");
    assertTensors(detector(), "boxes float[?,3,2,2], is not a score for each class");
  }

  @Test
  void labelsThatDoNotFitAreNamed() throws IOException {
    write("labels.txt", "a\nb\nc\n");
    assertTensors(detector(), "is not a score for each class; labels.txt has no effect");
  }

  @Test
  void textAndSeveralInputsAreTensorsWhateverTheFilesSay() throws IOException {
    write(
        "config.json",
        "{\"id2label\": {\"0\": \"good\", \"1\": \"bad\"}, \"problem_type\": \"regression\"}");
    TestGraph graph =
        new TestGraph()
            .input("ids", Type.INT64, OPEN, 2)
            .input("mask", Type.INT64, OPEN, 2)
            .node("Mul", List.of("ids", "mask"), "logits")
            .output("logits", Type.INT64, OPEN, 2);
    assertTensors(graph, "the graph has 2 inputs; config.json has no effect");
  }

  @Test
  void anEmbeddingByItsArchitectureIsATensor() throws IOException {
    write("preprocessor_config.json", PREPROCESSOR);
    write("config.json", "{\"architectures\": [\"Dinov2Model\"]}");
    assertTensors(classifier(3), "config.json names the architecture Dinov2Model");
    write("config.json", "{\"architectures\": [\"Dinov2ForImageClassification\"]}");
    assertClasses(classifier(3), "LABEL_0", "LABEL_1", "LABEL_2");
  }

  @Test
  void classesWithoutNamesAreNumbered() throws IOException {
    write("preprocessor_config.json", PREPROCESSOR);
    write("config.json", "{\"model_type\": \"vit\"}");
    assertClasses(classifier(3), "LABEL_0", "LABEL_1", "LABEL_2");
    write("labels.txt", "a\nb\nc\n");
    assertClasses(classifier(3), "a", "b", "c");
  }

  @Test
  void oneScoreAndTwoNamesGiveTheFirstClassTheRest() throws IOException {
    write("preprocessor_config.json", PREPROCESSOR);
    write("labels.txt", "cat\ndog\n");
    try (Model model = load(classifier(1))) {
      assertThat(model.labels().own()).containsExactly("cat", "dog");
      assertThat(model.activation().apply(new float[] {0.25f}))
          .containsExactly(new float[] {0.75f, 0.25f}, within(1e-6f));
    }
  }

  @Test
  void theScoresAreFoundAmongSeveralOutputs() throws IOException {
    write("preprocessor_config.json", PREPROCESSOR);
    write("labels.txt", "a\nb\nc\n");
    assertThat(scores(several())).isEqualTo("second");
    write("labels.txt", "a\nb\nc\nd\n");
    assertThat(scores(several())).isEqualTo("embedding");
    write("labels.txt", "a\nb\nc\n");
    write("config.json", "{\"scores_output\": \"third\"}");
    assertThat(scores(several())).isEqualTo("third");
  }

  @Test
  void aSequenceOfMapsIsATensorInTheOrderOfTheKeys() {
    TestGraph graph =
        new TestGraph()
            .input("in", Type.FLOAT, OPEN, 2)
            .node(
                "ZipMap",
                "ai.onnx.ml",
                List.of("in"),
                "probabilities",
                TestGraph.attribute("classlabels_strings", List.of("b", "a")))
            .outputOfMaps("probabilities", Type.STRING);
    try (Model model = load(graph)) {
      assertThat(model.describeOutputs()).isEqualTo("probabilities float[?,?]");
      ByteBuffer rows = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
      rows.putFloat(1).putFloat(2).putFloat(3).putFloat(4).flip();
      Tensor result =
          model
              .session()
              .run(
                  List.of(new Tensor(new TensorSpec("in", "float", List.of(2L, 2L)), rows)),
                  Set.of("probabilities"))
              .get(0);
      assertThat(result.spec()).hasToString("probabilities float[2,2]");
      float[] values = new float[4];
      result.elements().asFloatBuffer().get(values);
      assertThat(values).containsExactly(2, 1, 4, 3);
    }
  }

  private void write(String file, String content) throws IOException {
    Files.writeString(folder.resolve(file), content);
  }

  private Model load(TestGraph graph) {
    graph.write(folder.resolve(ModelFolder.GRAPH));
    return loader.load(new ModelFolder("test", 1, folder));
  }

  private void assertTensors(TestGraph graph, String reason) {
    try (Model model = load(graph)) {
      assertThat(model.classificationTask()).isEmpty();
      assertThat(model.facts().get())
          .filteredOn(fact -> fact.name().equals("serves"))
          .singleElement()
          .extracting(Fact::source)
          .asString()
          .contains(reason);
    }
  }

  private void assertClasses(TestGraph graph, String... labels) {
    try (Model model = load(graph)) {
      assertThat(model.labels().own()).containsExactly(labels);
    }
  }

  private String scores(TestGraph graph) {
    try (Model model = load(graph)) {
      return model.session().output().name();
    }
  }

  /** Scores the channels' averages: as many classes as there are channels. */
  private static TestGraph classifier(int classes) {
    return new TestGraph()
        .input("image", Type.FLOAT, OPEN, classes, 2, 2)
        .node("GlobalAveragePool", List.of("image"), "averages")
        .node("Flatten", List.of("averages"), "scores")
        .output("scores", Type.FLOAT, OPEN, classes);
  }

  private static TestGraph detector() {
    return new TestGraph()
        .input("image", Type.FLOAT, OPEN, 3, 2, 2)
        .node("Relu", List.of("image"), "boxes")
        .output("boxes", Type.FLOAT, OPEN, 3, 2, 2);
  }

  /** Has outputs of four, three, and three columns. */
  private static TestGraph several() {
    return new TestGraph()
        .input("image", Type.FLOAT, OPEN, 3, 2, 2)
        .longs("four", new int[] {2}, -1, 4)
        .longs("channel", new int[] {1}, 0)
        .node("Gather", List.of("image", "channel"), "grey", TestGraph.attribute("axis", 1))
        .node("Reshape", List.of("grey", "four"), "embedding")
        .node("GlobalAveragePool", List.of("image"), "averages")
        .node("Flatten", List.of("averages"), "second")
        .node("Relu", List.of("second"), "third")
        .output("embedding", Type.FLOAT, OPEN, 4)
        .output("second", Type.FLOAT, OPEN, 3)
        .output("third", Type.FLOAT, OPEN, 3);
  }
}
