package dev.glimpse.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.repository.ModelFolder;
import dev.glimpse.repository.VersionFolders;
import dev.glimpse.support.Configs;
import dev.glimpse.support.Fixtures;
import dev.glimpse.workers.WorkerPool;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelLoaderTest {

  private static final GlimpseConfig CONFIG = Configs.defaults();

  private final WorkerPool workers = new WorkerPool(CONFIG);
  private final CountingEngine engine = new CountingEngine(CONFIG);
  private final ModelLoader loader =
      new ModelLoader(engine, workers, new ServingMetrics(new SimpleMeterRegistry()), CONFIG);

  @AfterEach
  void stop() {
    workers.close();
  }

  @ParameterizedTest
  @CsvSource({
    "models/colors/1, true",
    "models-layouts/ultralytics, true", // a graph and nothing else, which takes images
    "models-tensors/tabular, false",
    "models-tensors/echo, false"
  })
  void opensTheGraphOnce(Path folder, boolean classifier) {
    try (Model model = loader.load(VersionFolders.highest(Fixtures.RESOURCES.resolve(folder)))) {
      assertThat(model.classificationTask().isPresent()).isEqualTo(classifier);
    }
    assertThat(engine.opened()).isEqualTo(1);
  }

  @Test
  void opensTheGraphOnceToFindNothingToOptimize() {
    ModelFolder tabular =
        VersionFolders.highest(Fixtures.RESOURCES.resolve("models-tensors/tabular"));
    assertThat(new GraphOptimizer(engine, loader).prepare(tabular).file()).isEmpty();
    assertThat(engine.opened()).isEqualTo(1);
  }
}
