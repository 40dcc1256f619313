package dev.glimpse.model;

import dev.glimpse.config.EarlySettings;
import dev.glimpse.engine.OnnxRuntimeEngine;
import dev.glimpse.failure.InterruptedStartException;
import dev.glimpse.repository.ModelFolder;
import dev.glimpse.repository.ModelRepository;
import dev.glimpse.repository.RepositoryScan;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Loads the models of the repository on a thread of its own while the framework starts, once per
 * process. What fails here, or makes ONNX Runtime log something, is not reported: {@link
 * ModelLoader} loads it again, as if nothing had been tried, and reports what is wrong. Any thread
 * may call the methods.
 */
public final class EarlyLoad {

  private static final Logger LOG = Logger.getLogger(EarlyLoad.class);

  private static @Nullable EarlyLoad begun;

  private final EarlySettings settings;
  private final Thread thread = new Thread(this::loadAll, "models");

  /** Written by the thread; read when it has ended. */
  private final Map<ModelFolder, LoadedModel> loaded = new HashMap<>();

  private EarlyLoad(EarlySettings settings) {
    this.settings = settings;
  }

  /** Starts to load, and returns the thread that does it. */
  public static synchronized Thread begin(EarlySettings settings) {
    EarlyLoad load = new EarlyLoad(settings);
    load.thread.setDaemon(true);
    load.thread.start();
    begun = load;
    return load.thread;
  }

  /**
   * Waits until the models are loaded and hands one over. If they were loaded with other settings,
   * all are closed.
   *
   * @param settings those of the service; empty if it may not take any
   * @return owned by the caller; empty if it has not been loaded with these settings
   */
  static synchronized Optional<LoadedModel> take(
      Optional<EarlySettings> settings, ModelFolder folder) {
    EarlyLoad load = begun;
    if (load == null) {
      return Optional.empty();
    }
    load.await();
    if (!settings.equals(Optional.of(load.settings))) {
      load.loaded.values().forEach(loaded -> loaded.model().close());
      load.loaded.clear();
    }
    Optional<LoadedModel> taken = Optional.ofNullable(load.loaded.remove(folder));
    begun = load.loaded.isEmpty() ? null : load;
    return taken;
  }

  private void await() {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void loadAll() {
    try {
      FolderLoader loader =
          new FolderLoader(
              new OnnxRuntimeEngine(settings.arena()),
              BatcherFactory.NONE,
              GraphWarmUp.runs(settings.warmUp()),
              settings.pixels(),
              settings.verify());
      ModelRepository repository = new ModelRepository(settings.models(), settings.modelName());
      for (ModelFolder folder : RepositoryScan.of(repository).models()) {
        InterruptedStartException.check();
        load(folder, loader);
      }
    } catch (RuntimeException | Error e) {
      LOG.debug("The models could not be loaded early", e);
    }
  }

  /** Loads a model, and closes it if there is a message of ONNX Runtime to be logged about it. */
  private void load(ModelFolder folder, FolderLoader loader) {
    if (!OnnxRuntimeEngine.isSilent(() -> loaded.put(folder, loader.load(folder, new LoadLog())))) {
      Optional.ofNullable(loaded.remove(folder)).ifPresent(said -> said.model().close());
    }
  }
}
