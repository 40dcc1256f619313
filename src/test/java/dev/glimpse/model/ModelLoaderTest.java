package dev.glimpse.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.recipe.CalibrationFile;
import dev.glimpse.repository.ModelFolder;
import dev.glimpse.repository.VersionFolders;
import dev.glimpse.support.Configs;
import dev.glimpse.support.Fixtures;
import dev.glimpse.workers.WorkerPool;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelLoaderTest {

  private static final GlimpseConfig CONFIG = Configs.defaults();
  private static final Path TABULAR = Fixtures.RESOURCES.resolve("models-tensors/tabular");

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

  /** Twice only if vectors are asked for. */
  @ParameterizedTest
  @CsvSource({"false, 1", "true, 2"})
  void opensTheGraphAgainOnlyForVectors(boolean vectors, int opened) {
    ModelFolder colors = VersionFolders.highest(Fixtures.MODELS.resolve("colors"));
    try (Model model = loader.loadUncalibrated(colors, vectors)) {
      assertThat(model.distance()).isEmpty();
    }
    assertThat(engine.opened()).isEqualTo(opened);
  }

  @Test
  void aModelOfTensorsNeedsNoCalibration(@TempDir Path folder) throws IOException {
    Path tabular = VersionFolders.highest(TABULAR).path();
    Path copy = Files.createDirectories(folder.resolve("tabular/1"));
    try (Stream<Path> files = Files.list(tabular)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    Files.writeString(copy.resolve(CalibrationFile.NAME), "{");
    try (Model model = loader.load(VersionFolders.highest(folder.resolve("tabular")))) {
      assertThat(model.classificationTask()).isEmpty();
    }
  }

  @Test
  void opensTheGraphOnceToFindNothingToOptimize() {
    ModelFolder tabular = VersionFolders.highest(TABULAR);
    assertThat(new GraphOptimizer(engine, loader).prepare(tabular).file()).isEmpty();
    assertThat(engine.opened()).isEqualTo(1);
  }
}
