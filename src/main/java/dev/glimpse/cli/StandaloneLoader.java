package dev.glimpse.cli;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.engine.OnnxRuntimeEngine;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.model.ModelLoader;
import dev.glimpse.workers.WorkerPool;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** Loads models as the service does, without starting it. */
final class StandaloneLoader implements AutoCloseable {

  private final OnnxRuntimeEngine engine;
  private final WorkerPool workers; // dynamic batching needs them
  private final ModelLoader loader;

  StandaloneLoader(GlimpseConfig config) {
    this.engine = new OnnxRuntimeEngine(config);
    this.workers = new WorkerPool(config);
    this.loader =
        new ModelLoader(engine, workers, new ServingMetrics(new SimpleMeterRegistry()), config);
  }

  OnnxRuntimeEngine engine() {
    return engine;
  }

  ModelLoader loader() {
    return loader;
  }

  @Override
  public void close() {
    workers.close();
  }
}
