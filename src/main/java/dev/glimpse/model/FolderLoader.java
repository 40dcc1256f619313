package dev.glimpse.model;

import dev.glimpse.config.PixelCode;
import dev.glimpse.engine.ClassifierHead;
import dev.glimpse.engine.EngineException;
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
  private final boolean calibrated;
  private final boolean vectors;

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
      Optional<PixelCode> pixels,
      Optional<Path> verify) {
    this(
        engine,
        new ClassifierLoader(engine, batchers, warmUpRuns, pixels),
        verify.map(ModelVerification::new),
        true,
        false);
  }

  private FolderLoader(
      OnnxRuntimeEngine engine,
      ClassifierLoader classifiers,
      Optional<ModelVerification> verification,
      boolean calibrated,
      boolean vectors) {
    this.engine = engine;
    this.graphs = new GraphOpener(engine);
    this.classifiers = classifiers;
    this.verification = verification;
    this.calibrated = calibrated;
    this.vectors = vectors;
  }

  /**
   * Returns a loader that reads no {@code calibration.json}.
   *
   * @param vectors whether its classifiers give vectors, too, if their graphs end in a linear layer
   */
  FolderLoader uncalibrated(boolean vectors) {
    return new FolderLoader(engine, classifiers, verification, false, vectors);
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
      Optional<OptimizedGraph> optimized = PreparationRecord.find(folder, engine::platform, log);
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
    ModelFiles files = ModelFiles.read(folder, calibrated);
    log.filesRead();
    if (optimized.isPresent() && (files.vector().isPresent() || vectors)) {
      log.info(
          "%s/%d is loaded from its exported graph, as the optimized one gives no vectors for the distance test"
              .formatted(folder.name(), folder.version()));
      return load(folder, source, Optional.empty(), log);
    }
    Session session = open(files, optimized);
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

  private Session open(ModelFiles files, Optional<OptimizedGraph> optimized) {
    Session session = graphs.open(files, optimized);
    if (!vectors) {
      return session;
    }
    Optional<Session> exposing;
    try {
      exposing = exposing(files, session);
    } catch (RuntimeException | Error e) {
      session.close();
      throw e;
    }
    exposing.ifPresent(another -> session.close());
    return exposing.orElse(session);
  }

  /** Opens the graph again so that it gives vectors; empty if it cannot. */
  private Optional<Session> exposing(ModelFiles files, Session session) {
    if (!ServedTask.of(files.task(), session).classifies()) {
      return Optional.empty();
    }
    try {
      return vector(files, session)
          .map(name -> graphs.open(files.exposing(name), Optional.empty()));
    } catch (UnservableModelException e) { // such as a graph of 2 GB with one more output
      return Optional.empty();
    }
  }

  private static Optional<String> vector(ModelFiles files, Session session) {
    try {
      return ClassifierHead.of(files.graph(), session.output().name()).vector();
    } catch (EngineException e) { // an unusual graph may be calibrated all the same
      return Optional.empty();
    }
  }
}
