package dev.glimpse.command;

import dev.glimpse.batch.WorkerPool;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.engine.OnnxRuntimeEngine;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.model.ModelFolder;
import dev.glimpse.model.ModelLoader;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Optional;

/**
 * What the service would say of a model when it starts: the model is loaded as it would be then.
 */
final class NextStart {

  private NextStart() {}

  /** Why the model would not be served; empty if it would be. */
  static Optional<String> problem(ModelFolder folder, GlimpseConfig config) {
    WorkerPool workers = new WorkerPool(config); // of which a model that is batched needs some
    ModelLoader loader =
        new ModelLoader(
            new OnnxRuntimeEngine(config),
            workers,
            new ServingMetrics(new SimpleMeterRegistry()),
            config);
    try {
      loader.load(folder).close();
      return Optional.empty();
    } catch (UnservableModelException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    } finally {
      workers.close();
    }
  }
}
