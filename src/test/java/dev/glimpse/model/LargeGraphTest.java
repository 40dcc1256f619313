package dev.glimpse.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.engine.OnnxRuntimeEngine;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.repository.ModelFolder;
import dev.glimpse.support.Configs;
import dev.glimpse.support.MatrixModel;
import dev.glimpse.workers.WorkerPool;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Takes 5 GB on disk, and 8 GB of memory. */
@EnabledIfSystemProperty(
    named = "large.graph",
    matches = ".*",
    disabledReason = "takes minutes; -Dlarge.graph runs it")
class LargeGraphTest {

  private static final int SIDE = 8192;
  private static final int LAYERS = 9;

  @TempDir Path repository;

  @Test
  void graphAboveTwoGigabytesIsPrepared() throws IOException {
    GlimpseConfig config = Configs.defaults();
    OnnxRuntimeEngine engine = new OnnxRuntimeEngine(config);
    Path path = repository.resolve("large");
    MatrixModel.write(path, SIDE, LAYERS);
    assertThat(Files.size(path.resolve("model.onnx.data"))).isGreaterThan(Integer.MAX_VALUE);
    ModelFolder folder = new ModelFolder("large", 1, path);
    WorkerPool workers = new WorkerPool(config);
    try {
      ModelLoader loader =
          new ModelLoader(engine, workers, new ServingMetrics(new SimpleMeterRegistry()), config);

      assertThat(new GraphOptimizer(engine, loader).prepare(folder).file()).isPresent();

      Optional<OptimizedGraph> prepared =
          PreparationRecord.find(folder, engine::platform, new LoadLog());
      assertThat(prepared).isPresent();
      LoadedModel loaded = loader.load(folder, prepared);
      loaded.model().close();
      assertThat(prepared.orElseThrow().agrees(loaded.scores())).isTrue();
    } finally {
      workers.close();
    }
  }
}
