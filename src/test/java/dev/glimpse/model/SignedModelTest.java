package dev.glimpse.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.engine.OnnxRuntimeEngine;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.preprocess.Preprocessing.Size;
import dev.glimpse.repository.ModelFolder;
import dev.glimpse.support.Configs;
import dev.glimpse.support.ExternalData;
import dev.glimpse.support.ModelSigner;
import dev.glimpse.support.Repository;
import dev.glimpse.support.Weights;
import dev.glimpse.workers.WorkerPool;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that are loaded where all have to be signed. */
class SignedModelTest {

  private static final Size SIZE = new Size(32, 32);

  @TempDir private Path temporary;

  private final WorkerPool workers = new WorkerPool(Configs.defaults());
  private ModelSigner signer;
  private ModelFolder folder;
  private OnnxRuntimeEngine engine;
  private ModelLoader loader;

  @BeforeEach
  void copyTheModel() throws Exception {
    signer = new ModelSigner("secp256r1");
    Path keys = Files.writeString(temporary.resolve("keys.pem"), signer.pem());
    folder = new ModelFolder("rgb", 1, new Repository(temporary).put("colors/1", "rgb", 1));
    GlimpseConfig config = Configs.of(Map.of("glimpse.models.verify", keys.toString()));
    engine = new OnnxRuntimeEngine(config);
    loader =
        new ModelLoader(engine, workers, new ServingMetrics(new SimpleMeterRegistry()), config);
  }

  @AfterEach
  void stop() {
    workers.close();
  }

  @Test
  void errorsNameTheModelsOwnFolder() throws Exception {
    Files.writeString(folder.file(ModelFolder.CONFIG), "{");
    signer.sign(folder.path());

    assertThatThrownBy(() -> loader.load(folder))
        .isInstanceOf(UnservableModelException.class)
        .hasMessageStartingWith("Model folder %s: config.json is not valid JSON", folder.path());
  }

  @Test
  void nothingIsParsedThatIsNotSigned() throws Exception {
    signer.sign(folder.path());
    Files.writeString(folder.file(ModelFolder.CONFIG), "{");

    assertThatThrownBy(() -> loader.load(folder))
        .isInstanceOf(UnservableModelException.class)
        .hasMessageContaining("config.json is not the file that was signed");
  }

  /** ONNX Runtime maps such weights, and the file's bytes are those of the running model. */
  @Test
  void weightsThatAreChangedAfterTheLoadChangeNothing() throws Exception {
    Path weights = ExternalData.moveTo(folder.graph(), "model.onnx_data");
    signer.sign(folder.path());
    try (Model model = loader.load(folder)) {
      float[] before = scores(model);
      Weights.replace(weights, 0.15f, 0.5f);

      assertThat(scores(model)).isEqualTo(before);
    }
  }

  @Test
  void weightsHaveToBeSigned() throws Exception {
    signer.sign(folder.path());
    byte[] signature = Files.readAllBytes(folder.file("model.sig"));
    ExternalData.moveTo(folder.graph(), "model.onnx_data");
    signer.sign(folder.path());
    loader.load(folder).close();
    Files.write(folder.file("model.sig"), signature);

    assertThatThrownBy(() -> loader.load(folder))
        .isInstanceOf(UnservableModelException.class)
        .hasMessageContaining("model.onnx_data was not signed");
  }

  @Test
  void preparedGraphsAreSignedToo() throws Exception {
    Assumptions.assumeTrue(
        engine.platform().isPresent(), "no graph can be prepared on this processor");
    signer.sign(folder.path());
    new GraphOptimizer(engine, loader).prepare(folder);
    assertThatThrownBy(() -> loader.load(folder))
        .isInstanceOf(UnservableModelException.class)
        .hasMessageContaining("model.prepared.json was not signed; delete it, or sign");
    signer.sign(folder.path());

    try (Model model = loader.load(folder)) {
      assertThat(model.facts().get()).anyMatch(fact -> fact.name().equals("prepared"));
      float[] before = scores(model);
      Files.write(folder.file(OptimizedGraph.GRAPH), new byte[0]); // it would crash if mapped
      assertThat(scores(model)).isEqualTo(before);
    }
  }

  @Test
  void copiesAreDeleted() throws Exception {
    signer.sign(folder.path());
    loader.load(folder).close();
    Files.writeString(folder.file(ModelFolder.CONFIG), "{");
    assertThatThrownBy(() -> loader.load(folder)).isInstanceOf(UnservableModelException.class);

    String prefix = "glimpse-model-" + ProcessHandle.current().pid() + "-";
    try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      assertThat(files.map(Path::getFileName).map(Path::toString))
          .noneMatch(name -> name.startsWith(prefix));
    }
  }

  private static float[] scores(Model model) {
    return GraphWarmUp.of(model.session(), model.preprocessor(), SIZE, 1).get(0);
  }
}
