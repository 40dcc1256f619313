package dev.glimpse.registry;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.model.ModelLoader;
import dev.glimpse.workers.WorkerPool;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import java.util.concurrent.ScheduledExecutorService;

/** Holds a registry whose models change on a simulation's thread. */
public record SimulatedRegistry(ModelRegistry models, ModelReloader control) {

  /** Starts a registry with the models of the configured repository. */
  public static SimulatedRegistry start(
      ModelLoader loader,
      ImageDecoder decoder,
      WorkerPool workers,
      ServingMetrics metrics,
      GlimpseConfig config,
      ScheduledExecutorService thread) {
    ModelValidator validator = new ModelValidator(loader, decoder);
    ModelRegistry models = new ModelRegistry(loader, validator, workers, metrics, config);
    models.start(new StartupEvent());
    return new SimulatedRegistry(
        models, new ModelReloader(models, validator, metrics, config, new ReloadThread(thread)));
  }

  /** Stops as the service does. */
  public void stop() {
    control.stop(new ShutdownEvent());
    models.stop(new ShutdownEvent());
  }
}
