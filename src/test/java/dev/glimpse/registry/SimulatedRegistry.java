package dev.glimpse.registry;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.model.ModelLoader;
import dev.glimpse.repository.FolderSnapshot;
import dev.glimpse.repository.ModelFolder;
import dev.glimpse.repository.RepositoryScan;
import dev.glimpse.workers.WorkerPool;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import java.nio.file.Path;
import java.util.List;
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
    ModelReloader control =
        new ModelReloader(models, validator, metrics, config, new ReloadThread(thread));
    control.start(new StartupEvent());
    return new SimulatedRegistry(models, control);
  }

  /** Returns the versions in service, such as {@code a/1}. */
  public List<String> served() {
    return models.all().stream().map(model -> model.name() + "/" + model.version()).toList();
  }

  /** Returns the versions in the repository that are not known as they are there now. */
  public List<ModelFolder> unsettled(Path repository) {
    return RepositoryScan.of(repository).models().stream()
        .filter(folder -> {
          FolderSnapshot state = FolderSnapshot.of(folder);
          return !models.state().now().holds(folder, state)
              && !models.unservable().holds(folder, state);
        })
        .toList();
  }

  /** Stops as the service does. */
  public void stop() {
    control.stop(new ShutdownEvent());
    models.stop(new ShutdownEvent());
  }
}
