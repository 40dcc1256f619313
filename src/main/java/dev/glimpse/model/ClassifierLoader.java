package dev.glimpse.model;

import dev.glimpse.batching.DynamicBatcher;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.config.GlimpseConfig.Batching;
import dev.glimpse.engine.Session;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.postprocess.Labels;
import dev.glimpse.preprocess.PixelCode;
import dev.glimpse.recipe.ClassNames;
import dev.glimpse.recipe.GraphSignatureCheck;
import dev.glimpse.recipe.ModelReport;
import dev.glimpse.recipe.OutputActivation;
import dev.glimpse.repository.ModelFolder;
import dev.glimpse.workers.WorkerPool;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Makes an image classifier of an open graph: matches it with its files, warms it up. */
final class ClassifierLoader {

  private static final Logger LOG = Logger.getLogger(ClassifierLoader.class);

  private final WorkerPool workers;
  private final ServingMetrics metrics;
  private final int warmUpRuns;
  private final Map<String, Batching> batching;
  private final Optional<GlimpseConfig.Pixels> pixels;

  ClassifierLoader(
      WorkerPool workers, ServingMetrics metrics, int warmUpRuns, GlimpseConfig config) {
    this.workers = workers;
    this.metrics = metrics;
    this.warmUpRuns = warmUpRuns;
    this.batching = config.batching();
    this.pixels = config.pixels();
  }

  /**
   * Makes the classifier.
   *
   * @param session owned by the model if this returns, by the caller if it throws
   * @throws UnservableModelException if the files and the graph contradict each other, the graph
   *     fails, or the optimized graph's scores differ from the exported graph's
   */
  LoadedModel load(ModelFiles files, Session session, Optional<OptimizedGraph> optimized) {
    ModelFolder folder = files.folder();
    ClassifierSpec spec = ClassifierSpec.match(files, session, pixelCode());
    warnOfDefaults(folder, spec);
    List<float[]> scores = GraphWarmUp.run(folder, session, spec, warmUpRuns);
    requireEqualScores(folder, optimized, scores.get(0));
    ClassNames names = names(folder, session, spec, scores.get(0).length);
    OutputActivation output =
        OutputActivation.of(
                session.output(), session.outputKind(), spec.config().multiLabel(), scores)
            .forClasses(names.labels().size(), scores.get(0).length);
    Optional<DynamicBatcher> batcher = batcher(folder, session, spec);
    return new LoadedModel(
        model(files, session, spec, names, output, batcher, optimized), scores.get(0));
  }

  private PixelCode pixelCode() {
    PixelCode code = PixelCode.chosen(pixels);
    if (!code.isAvailable()) {
      throw new ConfigurationException(
          "glimpse.pixels is %s, which this build or this processor does not have; use %s, or remove the setting."
              .formatted(lower(code), lower(PixelCode.best())));
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
      ModelFolder folder, Session session, ClassifierSpec spec, int width) {
    Optional<ClassNames> known = spec.config().known(session.metadata());
    known.ifPresent(names -> GraphSignatureCheck.width(folder, width, names));
    if (known.isPresent() && known.get().inferred()) {
      LOG.warnf(
          "%s/%d does not name its classes; as timm's models have %d classes for ImageNet-1k only,"
              + " they get its names. If that is wrong, %s",
          folder.name(), folder.version(), width, ClassNames.HOW_TO_NAME);
    }
    return known.orElseGet(() -> {
      ClassNames numbered = ClassNames.numbered(width);
      LOG.warnf(
          "%s/%d does not name its classes, which are therefore called LABEL_0 to LABEL_%d; %s",
          folder.name(), folder.version(), width - 1, ClassNames.HOW_TO_NAME);
      return numbered;
    });
  }

  private static void warnOfDefaults(ModelFolder folder, ClassifierSpec spec) {
    if (spec.usesDefaults()) {
      LOG.warnf(
          "%s/%d uses ImageNet defaults for preprocessing, because no file in its folder sets it;"
              + " `models check %s` shows the values",
          folder.name(), folder.version(), folder.path());
    }
  }

  private static void requireEqualScores(
      ModelFolder folder, Optional<OptimizedGraph> optimized, float[] scores) {
    if (optimized.isPresent() && !optimized.get().agrees(scores)) {
      throw folder.unservable(
          optimized.get().name() + " gives other scores than the exported graph did");
    }
  }

  private Optional<DynamicBatcher> batcher(
      ModelFolder folder, Session session, ClassifierSpec spec) {
    Batching settings = batching.get(folder.name());
    if (settings == null || settings.maxBatchSize() == 1) {
      return Optional.empty();
    }
    BatchConsistencyCheck check = new BatchConsistencyCheck(folder, session, settings);
    check.facts(spec.recipe());
    check.answers(spec.preprocessor(), spec.size());
    return Optional.of(
        DynamicBatcher.start(
            workers,
            session,
            spec.preprocessor().shape(spec.size().width(), spec.size().height()),
            settings,
            metrics.batches(folder.name(), Integer.toString(folder.version()))));
  }

  private static Model model(
      ModelFiles files,
      Session session,
      ClassifierSpec spec,
      ClassNames names,
      OutputActivation output,
      Optional<DynamicBatcher> batcher,
      Optional<OptimizedGraph> optimized) {
    ModelFolder folder = files.folder();
    Labels labels = spec.config().labels(folder, names);
    return new Model(
        folder.name(),
        folder.version(),
        session,
        Optional.of(
            new ClassificationTask(spec.preprocessor(), output.activation(), labels, batcher)),
        () ->
            new ModelReport(folder, files.graph(), spec.input(), spec.format())
                .prepared(optimized.map(OptimizedGraph::fact))
                .steps(spec.recipe())
                .answers(session, output, names, labels)
                .list());
  }
}
