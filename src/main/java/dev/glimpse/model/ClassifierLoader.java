package dev.glimpse.model;

import dev.glimpse.batching.DynamicBatcher;
import dev.glimpse.config.PixelCode;
import dev.glimpse.engine.OnnxRuntimeEngine;
import dev.glimpse.engine.Runner;
import dev.glimpse.engine.Session;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.postprocess.DistanceTest;
import dev.glimpse.postprocess.Labels;
import dev.glimpse.postprocess.ScoreCalibration;
import dev.glimpse.preprocess.PixelCodes;
import dev.glimpse.recipe.CalibrationFile;
import dev.glimpse.recipe.ClassNames;
import dev.glimpse.recipe.DistanceTestConfig;
import dev.glimpse.recipe.GraphSignatureCheck;
import dev.glimpse.recipe.GroupsFile;
import dev.glimpse.recipe.ModelReport;
import dev.glimpse.recipe.OutputActivation;
import dev.glimpse.repository.ModelFolder;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Makes an image classifier of an open graph: matches it with its files, warms it up. */
final class ClassifierLoader {

  private final OnnxRuntimeEngine engine;
  private final BatcherFactory batchers;
  private final int warmUpRuns;
  private final Optional<PixelCode> pixels;

  ClassifierLoader(
      OnnxRuntimeEngine engine,
      BatcherFactory batchers,
      int warmUpRuns,
      Optional<PixelCode> pixels) {
    this.engine = engine;
    this.batchers = batchers;
    this.warmUpRuns = warmUpRuns;
    this.pixels = pixels;
  }

  /**
   * Makes the classifier.
   *
   * @param source finds the exported graph again
   * @param session owned by the model if this returns, by the caller if it throws
   * @param log of this load
   * @throws UnservableModelException if the files and the graph contradict each other, the graph
   *     fails, or the optimized graph's scores differ from the exported graph's
   */
  LoadedModel load(
      ModelFiles files,
      GraphSource source,
      Session session,
      Optional<OptimizedGraph> optimized,
      LoadLog log) {
    ModelFolder folder = files.folder();
    files.requireCalibration();
    ClassifierSpec spec = ClassifierSpec.match(files, session, pixelCode());
    warnOfDefaults(folder, spec, log);
    List<float[]> scores = GraphWarmUp.run(folder, session, spec, warmUpRuns);
    requireEqualScores(folder, optimized, scores.get(0));
    files
        .calibration()
        .flatMap(CalibrationFile::distance)
        .ifPresent(test -> requireVectors(folder, session, spec, test));
    ClassNames names = names(folder, session, spec, scores.get(0).length, log);
    OutputActivation output =
        OutputActivation.of(
                session.output(), session.outputKind(), spec.config().multiLabel(), scores)
            .forClasses(names.labels().size(), scores.get(0).length);
    Optional<DynamicBatcher> batcher = batchers.start(folder, session, spec);
    LazyFeatureGraph featureGraph =
        new LazyFeatureGraph(engine, source, session, folder.name() + "/" + folder.version());
    return new LoadedModel(
        model(files, session, spec, names, output, batcher, featureGraph, optimized),
        scores.get(0),
        log);
  }

  private PixelCode pixelCode() {
    PixelCode code = pixels.orElseGet(PixelCodes::best);
    if (!PixelCodes.isAvailable(code)) {
      throw new ConfigurationException(
          "glimpse.pixels is %s, which this build or this processor does not have; use %s, or remove the setting."
              .formatted(lower(code), lower(PixelCodes.best())));
    }
    return code;
  }

  private static String lower(PixelCode code) {
    return code.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the names of the classes, or LABEL_0 and so on, as in transformers; warns if no file
   * has them.
   */
  private static ClassNames names(
      ModelFolder folder, Session session, ClassifierSpec spec, int width, LoadLog log) {
    Optional<ClassNames> known = spec.config().known(session.metadata());
    known.ifPresent(names -> GraphSignatureCheck.width(folder, width, names));
    if (known.isPresent() && known.get().inferred()) {
      log.warn(
          ("%s/%d does not name its classes; as timm's models have %d classes for ImageNet-1k only,"
                  + " they get its names. If that is wrong, %s")
              .formatted(folder.name(), folder.version(), width, ClassNames.HOW_TO_NAME));
    }
    return known.orElseGet(() -> {
      ClassNames numbered = ClassNames.numbered(width);
      log.warn(
          "%s/%d does not name its classes, which are therefore called LABEL_0 to LABEL_%d; %s"
              .formatted(folder.name(), folder.version(), width - 1, ClassNames.HOW_TO_NAME));
      return numbered;
    });
  }

  private static void warnOfDefaults(ModelFolder folder, ClassifierSpec spec, LoadLog log) {
    if (spec.usesDefaults()) {
      log.warn(
          ("%s/%d uses ImageNet defaults for preprocessing, because no file in its folder sets it;"
                  + " `models check %s` shows the values")
              .formatted(folder.name(), folder.version(), folder.shown()));
    }
  }

  private static void requireEqualScores(
      ModelFolder folder, Optional<OptimizedGraph> optimized, float[] scores) {
    if (optimized.isPresent() && !optimized.get().agrees(scores)) {
      throw folder.unservable(
          optimized.get().name() + " gives other scores than the exported graph did");
    }
  }

  /** The runner that has warmed up still knows its last vector. */
  private static void requireVectors(
      ModelFolder folder, Session session, ClassifierSpec spec, DistanceTest test) {
    try (Runner runner =
        session.borrow(spec.preprocessor().shape(spec.size().width(), spec.size().height()))) {
      int length = runner.vectors().length;
      if (length != test.dimensions()) {
        throw folder.unservable(
            "%s: \"%s\" has a mean of %d numbers, but \"%s\" has %d for an image; run `models calibrate` again, or delete it"
                .formatted(
                    CalibrationFile.NAME,
                    DistanceTestConfig.DISTANCE,
                    test.dimensions(),
                    test.tensor(),
                    length));
      }
    }
  }

  private Model model(
      ModelFiles files,
      Session session,
      ClassifierSpec spec,
      ClassNames names,
      OutputActivation output,
      Optional<DynamicBatcher> batcher,
      LazyFeatureGraph featureGraph,
      Optional<OptimizedGraph> optimized) {
    ModelFolder folder = files.folder();
    Path graph = files.graph(); // the report keeps it, and not all files
    Labels labels = spec.config().labels(folder, names);
    Optional<ScoreCalibration> calibrated =
        files
            .calibration()
            .map(file -> file.scores(labels.count(), output.exclusive()))
            .map(scores -> scores.orThreshold(spec.config().uncertainBelow()));
    Optional<DistanceTest> distance = files.calibration().flatMap(CalibrationFile::distance);
    ScoreCalibration calibration =
        calibrated.orElse(ScoreCalibration.ofThreshold(spec.config().uncertainBelow()));
    return new Model(
        folder.name(),
        folder.version(),
        session,
        Optional.of(
            new ClassificationTask(
                spec.preprocessor(),
                output.activation(),
                output.exclusive(),
                labels,
                batcher,
                calibration,
                distance,
                GroupsFile.read(folder, labels, output.exclusive()),
                Optional.of(featureGraph),
                files.digest())),
        () ->
            new ModelReport(folder, graph, spec.input(), spec.format())
                .prepared(optimized.map(OptimizedGraph::fact))
                .steps(spec.recipe())
                .answers(session, output, names, labels)
                .uncertain(spec.config(), calibrated)
                .unlike(distance)
                .explained(featureGraph.fact())
                .list());
  }
}
