package dev.glimpse.model;

import dev.glimpse.batch.Batcher;
import dev.glimpse.batch.WorkerPool;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.config.GlimpseConfig.Batching;
import dev.glimpse.engine.EngineException;
import dev.glimpse.engine.NotFiniteException;
import dev.glimpse.engine.OnnxRuntimeEngine;
import dev.glimpse.engine.Session;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.metrics.StartupTimeline;
import dev.glimpse.metrics.StartupTimeline.Step;
import dev.glimpse.postprocess.Activation;
import dev.glimpse.postprocess.Labels;
import dev.glimpse.preprocess.Preprocessing.Size;
import dev.glimpse.preprocess.Preprocessor;
import dev.glimpse.preprocess.TensorFormat;
import dev.glimpse.recipe.ClassNames;
import dev.glimpse.recipe.GraphSignatureCheck;
import dev.glimpse.recipe.InputSignature;
import dev.glimpse.recipe.ModelConfig;
import dev.glimpse.recipe.ModelReport;
import dev.glimpse.recipe.OnnxMetadataConfig;
import dev.glimpse.recipe.OutputActivation;
import dev.glimpse.recipe.Recipe;
import dev.glimpse.repository.GraphFiles;
import dev.glimpse.repository.ModelFolder;
import io.quarkus.runtime.ImageMode;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Makes a model of a folder: read, load, compare what the files and the graph say, warm up. */
@ApplicationScoped
public class ModelLoader {

  private static final Logger LOG = Logger.getLogger(ModelLoader.class);

  private static final int MAX_REASON = 200;

  /** So many runs in, its compilers have seen what is run. */
  private static final int WARM_UP_OF_A_JVM = 3;

  private final OnnxRuntimeEngine engine;
  private final WorkerPool workers;
  private final ServingMetrics metrics;
  private final int warmUp;
  private final Map<String, Batching> batching;

  public ModelLoader(
      OnnxRuntimeEngine engine, WorkerPool workers, ServingMetrics metrics, GlimpseConfig config) {
    this.engine = engine;
    this.workers = workers;
    this.metrics = metrics;
    this.warmUp = warmUpRuns(config);
    this.batching = config.batching();
  }

  /** How often each model runs before it is ready: 1 or more. */
  public static int warmUpRuns(GlimpseConfig config) {
    boolean compiles = ImageMode.current() != ImageMode.NATIVE_RUN;
    return config.models().warmUp().orElse(compiles ? WARM_UP_OF_A_JVM : 1);
  }

  /**
   * Loads a model and warms it up. Blocks for as long as that takes.
   *
   * @throws UnservableModelException if it cannot be served
   */
  public Model load(ModelFolder folder) {
    long started = System.nanoTime();
    Optional<Model> tensorsOnly = TensorModelLoader.load(folder, engine);
    if (tensorsOnly.isPresent()) {
      return loaded(tensorsOnly.get(), started);
    }
    try {
      Optional<OptimizedGraph> prepared = OptimizedGraph.find(folder, engine::platform);
      if (prepared.isPresent()) {
        return load(folder, prepared).model();
      }
    } catch (UnservableModelException e) {
      LOG.warnf(
          "The prepared graph is not used, and the start takes longer; prepare it again. %s",
          e.getMessage());
    }
    return load(folder, Optional.empty()).model();
  }

  /**
   * A model, and what it answered to the first picture of {@link GraphWarmUp}.
   *
   * @param model owned by whoever loaded it
   * @param answer its graph's output
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Loaded(Model model, float[] answer) {}

  /** As above, of the prepared graph, or else of the exported one. */
  Loaded load(ModelFolder folder, Optional<OptimizedGraph> prepared) {
    long started = System.nanoTime();
    Path graph = folder.graph();
    ModelConfig config = ModelConfig.read(folder);
    Optional<Recipe> written = Recipe.read(folder);
    long read = System.nanoTime();
    Session session = open(folder, graph, prepared);
    long opened = System.nanoTime();
    try {
      GraphSignatureCheck.singleInput(folder, session.inputs());
      Recipe recipe = written.orElseGet(() -> OnnxMetadataConfig.read(folder, session));
      ClassNames names = config.names(folder, session.metadata());
      Labels labels = config.labels(folder, names);
      InputSignature check = new InputSignature(folder, session.input(), recipe);
      TensorFormat format = check.format();
      Size size = check.size(format.layout());
      GraphSignatureCheck.output(folder, session.output(), names);
      Preprocessor preprocessor = new Preprocessor(recipe.steps(), format);
      if (recipe.source().equals(OnnxMetadataConfig.CUSTOM)) {
        LOG.warnf(
            "%s/%d has no file that says how pictures are prepared, so ImageNet's custom is taken: `models check %s` shows it",
            folder.name(), folder.version(), folder.path());
      }
      List<float[]> answers = warmUp(folder, session, preprocessor, size);
      if (prepared.isPresent() && !prepared.get().agrees(answers.get(0))) {
        throw folder.unservable(
            OptimizedGraph.GRAPH + " answers otherwise than the exported graph did");
      }
      GraphSignatureCheck.width(folder, answers.get(0).length, names);
      OutputActivation output =
          OutputActivation.of(session.output(), session.outputKind(), config.multiLabel(), answers);
      Activation activation = output.activation();
      Optional<Batcher> batcher = batcher(folder, session, recipe, preprocessor, size);
      long ready = System.nanoTime();
      StartupTimeline.took(Step.SESSION, opened - read);
      StartupTimeline.took(Step.WARM_UP, ready - opened);
      metrics.modelLoaded(folder.name(), Integer.toString(folder.version()), ready - started);
      LOG.infof(
          "%s/%d is ready in %d ms (files %d, %s graph %d, warm-up %d): %s of %s -> %s, %s, %d labels in %s",
          folder.name(),
          folder.version(),
          millis(started, ready),
          millis(started, read),
          prepared.isPresent() ? "prepared" : "exported",
          millis(read, opened),
          millis(opened, ready),
          session.input(),
          format.channels(),
          session.output(),
          activation == Activation.NONE ? "probabilities" : "logits, " + activation,
          labels.count(),
          labels.languages());
      return new Loaded(
          new Model(
              folder.name(),
              folder.version(),
              session,
              Optional.of(new ClassificationTask(preprocessor, activation, labels, batcher)),
              () ->
                  new ModelReport(folder, graph, check, format)
                      .steps(recipe)
                      .answers(session, output, names, labels)
                      .list()),
          answers.get(0));
    } catch (RuntimeException | Error e) {
      session.close();
      throw e;
    }
  }

  private Model loaded(Model model, long started) {
    long took = System.nanoTime() - started;
    StartupTimeline.took(Step.SESSION, took);
    metrics.modelLoaded(model.name(), Integer.toString(model.version()), took);
    LOG.infof(
        "%s/%d is ready in %d ms, for tensors only: %s -> %s",
        model.name(), model.version(), took / 1_000_000, model.input(), model.output());
    return model;
  }

  private Session open(ModelFolder folder, Path graph, Optional<OptimizedGraph> prepared) {
    String file =
        prepared.isPresent() ? OptimizedGraph.GRAPH : folder.path().relativize(graph).toString();
    try {
      return prepared
          .map(found -> engine.loadPrepared(found.file(), found.outputKind(), found.metadata()))
          .orElseGet(() -> engine.load(graph));
    } catch (EngineException e) {
      if (GraphFiles.isPointer(graph)) {
        throw folder.unservable(
            file + " is a pointer of Git LFS and not the graph; fetch that with git lfs pull", e);
      }
      throw folder.unservable(file + " cannot be loaded; export it again", oneLine(e), e);
    }
  }

  private Optional<Batcher> batcher(
      ModelFolder folder, Session session, Recipe recipe, Preprocessor preprocessor, Size size) {
    Batching settings = batching.get(folder.name());
    if (settings == null || settings.maxBatchSize() == 1) {
      return Optional.empty();
    }
    BatchConsistencyCheck check = new BatchConsistencyCheck(folder, session, settings);
    check.facts(recipe);
    check.answers(preprocessor, size);
    return Optional.of(
        workers.batcher(
            session,
            preprocessor.shape(size.width(), size.height()),
            settings,
            metrics.batches(folder.name(), Integer.toString(folder.version()))));
  }

  /** Runs the graph on noise, and gives back what it answered. */
  private List<float[]> warmUp(
      ModelFolder folder, Session session, Preprocessor preprocessor, Size size) {
    try {
      return GraphWarmUp.of(session, preprocessor, size, warmUp);
    } catch (NotFiniteException e) {
      throw folder.unservable(
          "the graph answers noise with NaN or infinity; export it again, in float32 if it is of"
              + " float16, and see that its weights are numbers",
          e);
    } catch (EngineException e) {
      throw folder.unservable("the graph fails when it runs", oneLine(e), e);
    }
  }

  /** The first line of what ONNX Runtime says, as much of it as helps. */
  private static String oneLine(Exception e) {
    String line = String.valueOf(e.getMessage()).lines().findFirst().orElse("").strip();
    return line.length() <= MAX_REASON ? line : line.substring(0, MAX_REASON) + "…";
  }

  private static long millis(long from, long to) {
    return (to - from) / 1_000_000;
  }
}
