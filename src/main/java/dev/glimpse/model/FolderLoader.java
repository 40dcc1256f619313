package dev.glimpse.model;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.engine.OnnxRuntimeEngine;
import dev.glimpse.engine.Session;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.recipe.ServedTask;
import dev.glimpse.repository.ModelFolder;
import dev.glimpse.signing.ModelVerification;
import dev.glimpse.signing.VerifiedCopy;
import java.nio.file.Path;
import java.util.Optional;

/** Loads a model from its folder: reads the files, opens the graph, warms it up. Logs nothing. */
final class FolderLoader {

  private final OnnxRuntimeEngine engine;
  private final GraphOpener graphs;
  private final ClassifierLoader classifiers;
  private final Optional<ModelVerification> verification;

  /**
   * Creates a loader.
   *
   * @param warmUpRuns how often each model runs before it is ready: 1 or more
   * @param pixels what scales images; empty: the fastest
   * @param verify the keys or certificates by which models have to be signed; empty: none need be
   */
  FolderLoader(
      OnnxRuntimeEngine engine,
      BatcherFactory batchers,
      int warmUpRuns,
      Optional<GlimpseConfig.PixelCode> pixels,
      Optional<Path> verify) {
    this(
        engine,
        new ClassifierLoader(engine, batchers, warmUpRuns, pixels, true),
        verify.map(ModelVerification::new));
  }

  private FolderLoader(
      OnnxRuntimeEngine engine,
      ClassifierLoader classifiers,
      Optional<ModelVerification> verification) {
    this.engine = engine;
    this.graphs = new GraphOpener(engine);
    this.classifiers = classifiers;
    this.verification = verification;
  }

  /** Returns a loader that reads no {@code calibration.json}. */
  FolderLoader uncalibrated() {
    return new FolderLoader(engine, classifiers.uncalibrated(), verification);
  }

  /**
   * Loads a model and warms it up, from its optimized graph if that can be used. Where models have
   * to be signed, nothing else of its files is parsed before they are verified, and what was
   * verified is what is loaded. Blocks for as long as that takes.
   *
   * @param log receives what is to be logged, also if this throws
   * @throws UnservableModelException if it cannot be served
   */
  LoadedModel load(ModelFolder folder, LoadLog log) {
    GraphSource source = GraphSource.of(folder, verification);
    if (verification.isEmpty()) {
      return loadAsItIs(folder, source, log);
    }
    try (VerifiedCopy copy = verification.get().copy(folder)) {
      log.info(copy.words());
      return loadAsItIs(copy.folder(), source, log);
    }
  }

  private LoadedModel loadAsItIs(ModelFolder folder, GraphSource source, LoadLog log) {
    try {
      Optional<OptimizedGraph> optimized = OptimizedGraph.find(folder, engine::platform, log);
      if (optimized.isPresent()) {
        return load(folder, source, optimized, log);
      }
    } catch (UnservableModelException e) {
      log.warn(
          ("The optimized graph is not used, which makes the start slower; run `models prepare`"
                  + " again. %s")
              .formatted(e.getMessage()));
    }
    return load(folder, source, Optional.empty(), log);
  }

  /**
   * Loads a model from the given optimized graph, or from the exported graph without one; verifies
   * no signature. Opens the graph once, and decides then whether it is a classifier or takes
   * tensors only.
   *
   * @param log receives what is to be logged, also if this throws
   * @throws UnservableModelException if it cannot be served
   */
  LoadedModel load(ModelFolder folder, Optional<OptimizedGraph> optimized, LoadLog log) {
    return load(folder, GraphSource.of(folder, Optional.empty()), optimized, log);
  }

  private LoadedModel load(
      ModelFolder folder, GraphSource source, Optional<OptimizedGraph> optimized, LoadLog log) {
    log.restart();
    ModelFiles files = ModelFiles.read(folder);
    log.filesRead();
    Session session = graphs.open(files, optimized);
    log.graphOpened();
    try {
      ServedTask task = ServedTask.of(files.task(), session);
      LoadedModel loaded =
          task.classifies()
              ? classifiers.load(files, source, session, optimized, log)
              : TensorModelLoader.load(files, session, task, log);
      log.ready(loaded.model(), optimized.isPresent() ? "prepared" : "exported");
      return loaded;
    } catch (RuntimeException | Error e) {
      session.close();
      throw e;
    }
  }
}
