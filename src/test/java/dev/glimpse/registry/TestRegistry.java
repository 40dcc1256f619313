package dev.glimpse.registry;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.engine.OnnxRuntimeEngine;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.image.codecs.ImageCodecs;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.model.ModelLoader;
import dev.glimpse.support.Configs;
import dev.glimpse.workers.WorkerPool;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;

/** A registry without the framework; starts when it is made and stops when it is closed. */
public record TestRegistry(ModelRegistry models) implements AutoCloseable {

  private static final OnnxRuntimeEngine ENGINE = new OnnxRuntimeEngine(Configs.defaults());

  public TestRegistry(WorkerPool workers, ServingMetrics metrics, GlimpseConfig config) {
    this(new ModelLoader(ENGINE, workers, metrics, config), workers, metrics, config);
    models.start(new StartupEvent());
  }

  private TestRegistry(
      ModelLoader loader, WorkerPool workers, ServingMetrics metrics, GlimpseConfig config) {
    this(
        new ModelRegistry(
            loader,
            new ModelValidator(loader, new ImageDecoder(config, ImageCodecs.all())),
            workers,
            metrics,
            config));
  }

  @Override
  public void close() {
    models.stop(new ShutdownEvent());
  }
}
