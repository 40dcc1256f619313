package dev.glimpse.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.engine.OnnxRuntimeEngine;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.preprocess.Preprocessing.Size;
import dev.glimpse.recipe.Fact;
import dev.glimpse.repository.ModelFolder;
import dev.glimpse.support.Configs;
import dev.glimpse.support.ExternalData;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.MatrixModel;
import dev.glimpse.support.Weights;
import dev.glimpse.workers.WorkerPool;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GraphOptimizerTest {

  private static final GlimpseConfig CONFIG = Configs.defaults();
  private static final OnnxRuntimeEngine ENGINE = new OnnxRuntimeEngine(CONFIG);
  private static final String HERE = ENGINE.platform().orElse("");

  private final WorkerPool workers = new WorkerPool(CONFIG);
  private final ModelLoader loader =
      new ModelLoader(ENGINE, workers, new ServingMetrics(new SimpleMeterRegistry()), CONFIG);

  @TempDir Path repository;

  @BeforeEach
  void onlyWhereGraphsCanBePrepared() {
    Assumptions.assumeFalse(HERE.isEmpty(), "no graph can be prepared on this processor");
  }

  @AfterEach
  void stop() {
    workers.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "models/colors/1",
        "models/colors-softmax/1",
        "models-slow/slow/1",
        "models-formats/float16/1",
        "models-formats/nhwc/1",
        "models-formats/uint8/1"
      })
  void answersAsTheExportedGraphDoes(String name) throws IOException {
    ModelFolder folder = copy(Fixtures.RESOURCES.resolve(name));
    preparation().prepare(folder);

    OptimizedGraph prepared = found(folder, HERE).orElseThrow();
    LoadedModel exported = loader.load(folder, Optional.empty());
    LoadedModel fromPrepared = loader.load(folder, Optional.of(prepared));
    try (Model one = exported.model();
        Model other = fromPrepared.model()) {
      assertThat(fromPrepared.scores()).containsExactly(exported.scores());
      assertThat(other.describeInputs()).isEqualTo(one.describeInputs());
      assertThat(other.describeOutputs()).isEqualTo(one.describeOutputs());
      assertThat(other.activation()).isEqualTo(one.activation());
    }
    assertThat(files(folder))
        .containsOnlyOnce(OptimizedGraph.GRAPH, PreparationRecord.FILE)
        .noneMatch(file -> file.endsWith(".part"));
  }

  @Test
  void weightsOfALargeGraphAreInASecondFile() throws IOException {
    ModelFolder folder = new ModelFolder("large", 1, repository.resolve("large"));
    MatrixModel.write(folder.path(), 64, 2);
    preparation().prepare(folder);
    Path graph = new GraphOptimizer(ENGINE, loader, 0).prepare(folder).file().orElseThrow();
    assertThat(graph).hasFileName(OptimizedGraph.LARGE_GRAPH);
    assertThat(files(folder)).contains(OptimizedGraph.DATA).doesNotContain(OptimizedGraph.GRAPH);
    assertThat(folder.graph()).hasFileName(ModelFolder.GRAPH);

    OptimizedGraph prepared = found(folder, HERE).orElseThrow();
    LoadedModel exported = loader.load(folder, Optional.empty());
    LoadedModel fromPrepared = loader.load(folder, Optional.of(prepared));
    exported.model().close();
    try (Model model = fromPrepared.model()) {
      assertThat(fromPrepared.scores()).containsExactly(exported.scores());
      assertThat(model.facts().get())
          .contains(
              new Fact(
                  "prepared", "model.prepared.onnx, model.prepared.data", PreparationRecord.FILE));
    }

    Files.write(folder.file(OptimizedGraph.DATA), new byte[1]);
    assertThat(found(folder, HERE)).isEmpty();
    preparation().prepare(folder);
    assertThat(files(folder))
        .contains(OptimizedGraph.GRAPH)
        .doesNotContain(OptimizedGraph.DATA, OptimizedGraph.LARGE_GRAPH, ".model.prepared.part");
  }

  @Test
  void isForOneVersionOfOnnxRuntimeOnOneKindOfProcessor() throws IOException {
    ModelFolder folder = prepared();
    assertThat(found(folder, HERE)).isPresent();
    assertThat(found(folder, "onnxruntime-1.0.0-x64-avx2")).isEmpty();
    assertThat(PreparationRecord.find(folder, Optional::empty, new LoadLog())).isEmpty();
  }

  @Test
  void isOfOneGraphOnly() throws IOException {
    ModelFolder folder = prepared();
    byte[] graph = Files.readAllBytes(folder.file(ModelFolder.GRAPH));
    graph[graph.length / 2] ^= 1;
    Files.write(folder.file(ModelFolder.GRAPH), graph);
    assertThat(found(folder, HERE)).isEmpty();
  }

  /** A graph whose weights lie beside it is the same after a training as it was before. */
  @ParameterizedTest
  @ValueSource(strings = {"model.onnx_data", "model.onnx.data", "corners"})
  void isOfOneSetOfWeightsOnly(String name) throws IOException {
    ModelFolder folder = copy(Fixtures.MODELS.resolve("colors/1"));
    Path weights = ExternalData.moveTo(folder.file(ModelFolder.GRAPH), name);
    preparation().prepare(folder);
    assertThat(found(folder, HERE)).isPresent();

    Weights.replace(weights, 0.15f, 0.5f);
    assertThat(found(folder, HERE)).isEmpty();
    Weights.replace(weights, 0.5f, 0.15f);
    assertThat(found(folder, HERE)).isPresent();
    replace(folder, "\"weights\"", "\"unknown\"");
    assertThat(found(folder, HERE)).as("as it was prepared by an older version").isEmpty();
  }

  @Test
  void isNotUsedWhenItWasCutOff() throws IOException {
    ModelFolder folder = prepared();
    byte[] graph = Files.readAllBytes(folder.file(OptimizedGraph.GRAPH));
    Files.write(folder.file(OptimizedGraph.GRAPH), java.util.Arrays.copyOf(graph, 100));
    assertThat(found(folder, HERE)).isEmpty();
    Files.delete(folder.file(OptimizedGraph.GRAPH));
    assertThat(found(folder, HERE)).isEmpty();
    loader.load(folder).close();
  }

  /** As on a processor for which its weights lie in another order. */
  @Test
  void isNotUsedWhenItAnswersOtherwise() throws IOException {
    ModelFolder folder = prepared();
    OptimizedGraph graph = found(folder, HERE).orElseThrow();
    float[] answer = graph.scores().clone();
    answer[0] += 0.1f;
    OptimizedGraph wrong = new OptimizedGraph(graph.file(), graph.exported(), answer);

    assertThatThrownBy(() -> loader.load(folder, Optional.of(wrong)))
        .isInstanceOf(UnservableModelException.class)
        .hasMessageContaining("gives other scores");
    replace(folder, "\"answer\" : [ ", "\"answer\" : [ 1");
    try (Model model = loader.load(folder)) {
      assertThat(GraphWarmUp.of(model.session(), model.preprocessor(), new Size(32, 32), 1).get(0))
          .hasSize(6);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "{\"platform\": 1}", "[]", ""})
  void nonsenseBesideAModelDoesNotStopTheStart(String facts) throws IOException {
    ModelFolder folder = prepared();
    Files.writeString(folder.file(PreparationRecord.FILE), facts);
    loader.load(folder).close();
  }

  @Test
  void anUnknownKindOfOutputDoesNotStopTheStart() throws IOException {
    ModelFolder folder = prepared();
    replace(folder, "\"OTHER\"", "\"ARGMAX\"");
    loader.load(folder).close();
  }

  @Test
  void aModelThatCannotBeServedIsNotPrepared() throws IOException {
    ModelFolder folder = copy(Fixtures.MODELS.resolve("colors/1"));
    Files.writeString(folder.file(ModelFolder.CONFIG), "{\"id2label\": 1}");
    assertThatThrownBy(() -> preparation().prepare(folder))
        .isInstanceOf(UnservableModelException.class)
        .hasMessageContaining("id2label");
    assertThat(files(folder)).noneMatch(file -> file.contains("prepared"));
  }

  /** A graph that is mapped takes the process with it. */
  @Test
  void mayBeWrittenOverWhereModelsMayChange() throws IOException {
    ModelFolder folder = prepared();
    GlimpseConfig config = Configs.of(Map.of("glimpse.repository.poll", "10s"));
    ModelLoader changing =
        new ModelLoader(
            new OnnxRuntimeEngine(config),
            workers,
            new ServingMetrics(new SimpleMeterRegistry()),
            config);
    Optional<OptimizedGraph> found = found(folder, HERE);
    assertThat(found).isPresent();
    LoadedModel loaded = changing.load(folder, found);
    try (Model model = loaded.model()) {
      Files.write(folder.file(OptimizedGraph.GRAPH), new byte[0]);
      Size size = new Size(32, 32);
      assertThat(GraphWarmUp.of(model.session(), model.preprocessor(), size, 1).get(0))
          .isEqualTo(loaded.scores());
    }
  }

  private GraphOptimizer preparation() {
    return new GraphOptimizer(ENGINE, loader);
  }

  private ModelFolder prepared() throws IOException {
    ModelFolder folder = copy(Fixtures.MODELS.resolve("colors/1"));
    preparation().prepare(folder);
    return folder;
  }

  private static Optional<OptimizedGraph> found(ModelFolder folder, String platform) {
    return PreparationRecord.find(folder, () -> Optional.of(platform), new LoadLog());
  }

  private static void replace(ModelFolder folder, String what, String by) throws IOException {
    String facts = Files.readString(folder.file(PreparationRecord.FILE));
    assertThat(facts).contains(what);
    Files.writeString(folder.file(PreparationRecord.FILE), facts.replace(what, by));
  }

  private ModelFolder copy(Path model) throws IOException {
    Path copy = Files.createDirectories(repository.resolve("copy/1"));
    try (Stream<Path> files = Files.list(model)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    return new ModelFolder("copy", 1, copy);
  }

  private static Stream<String> files(ModelFolder folder) throws IOException {
    try (Stream<Path> files = Files.list(folder.path())) {
      return files.map(file -> file.getFileName().toString()).toList().stream();
    }
  }
}
