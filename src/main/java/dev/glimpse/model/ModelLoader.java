package dev.glimpse.model;

import dev.glimpse.config.EarlySettings;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.engine.OnnxRuntimeEngine;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.preprocess.PixelCodes;
import dev.glimpse.repository.ModelFolder;
import dev.glimpse.workers.WorkerPool;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.function.Function;

/** Loads models and logs what it finds, or takes those that {@link EarlyLoad} has loaded. */
@ApplicationScoped
public class ModelLoader {

  private final FolderLoader folders;
  private final ServingMetrics metrics;
  private final Optional<EarlySettings> settings;

  public ModelLoader(
      OnnxRuntimeEngine engine, WorkerPool workers, ServingMetrics metrics, GlimpseConfig config) {
    this.folders =
        new FolderLoader(
            engine,
            BatcherFactory.of(workers, metrics, config),
            warmUpRuns(config),
            config.pixels(),
            config.models().verify());
    this.metrics = metrics;
    this.settings = EarlySettings.of(config);
  }

  /** Returns how often each model runs before it is ready: 1 or more. */
  public static int warmUpRuns(GlimpseConfig config) {
    return GraphWarmUp.runs(config.models().warmUp());
  }

  /** Returns what scales images, for operators: "C with AVX2". */
  public static String pixelCode(GlimpseConfig config) {
    return PixelCodes.words(config.pixels().orElseGet(PixelCodes::best));
  }

  /**
   * Loads a model and warms it up, from its optimized graph if that can be used. Blocks for as long
   * as that takes.
   *
   * @return owned by the caller
   * @throws UnservableModelException if it cannot be served
   */
  public Model load(ModelFolder folder) {
    return EarlyLoad.take(settings, folder)
        .map(this::logged)
        .orElseGet(() -> logged(log -> folders.load(folder, log)))
        .model();
  }

  /**
   * Loads a model as if it had no {@code calibration.json}, which may be outdated, or invalid.
   *
   * @param vectors whether its runs are to give vectors, too, if its graph ends in a linear layer
   * @return owned by the caller
   * @throws UnservableModelException if it cannot be served
   */
  public Model loadUncalibrated(ModelFolder folder, boolean vectors) {
    return logged(log -> folders.uncalibrated(vectors).load(folder, log)).model();
  }

  /**
   * Loads a model from the given optimized graph, or from the exported graph without one; verifies
   * no signature.
   *
   * @throws UnservableModelException if it cannot be served
   */
  LoadedModel load(ModelFolder folder, Optional<OptimizedGraph> optimized) {
    return logged(log -> folders.load(folder, optimized, log));
  }

  private LoadedModel logged(Function<LoadLog, LoadedModel> loading) {
    LoadLog log = new LoadLog();
    try {
      return logged(loading.apply(log));
    } catch (RuntimeException | Error e) {
      log.write();
      throw e;
    }
  }

  private LoadedModel logged(LoadedModel loaded) {
    loaded.log().write(loaded.model(), metrics);
    return loaded;
  }
}
