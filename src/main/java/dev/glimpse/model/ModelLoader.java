package dev.glimpse.model;

import dev.glimpse.batch.Batcher;
import dev.glimpse.batch.WorkerPool;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.config.GlimpseConfig.Batching;
import dev.glimpse.engine.EngineException;
import dev.glimpse.engine.OnnxRuntimeEngine;
import dev.glimpse.engine.OutputKind;
import dev.glimpse.engine.Runner;
import dev.glimpse.engine.Session;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.image.Pixels;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.metrics.StartBudget;
import dev.glimpse.metrics.StartBudget.Step;
import dev.glimpse.postprocess.Activation;
import dev.glimpse.preprocess.Preprocessing.Size;
import dev.glimpse.preprocess.Preprocessor;
import dev.glimpse.preprocess.TensorFormat;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jboss.logging.Logger;

/** Makes a model of a folder: read, load, compare what the files and the graph say, warm up. */
@ApplicationScoped
public class ModelLoader {

  private static final Logger LOG = Logger.getLogger(ModelLoader.class);

  /** How far probabilities may be from a sum of 1. */
  private static final double SUM_TOLERANCE = 1e-3;

  private static final int MAX_REASON = 200;

  private final OnnxRuntimeEngine engine;
  private final WorkerPool workers;
  private final ServingMetrics metrics;
  private final int warmUp;
  private final Map<String, Batching> batching;

  ModelLoader(
      OnnxRuntimeEngine engine, WorkerPool workers, ServingMetrics metrics, GlimpseConfig config) {
    this.engine = engine;
    this.workers = workers;
    this.metrics = metrics;
    this.warmUp = config.models().warmUp();
    this.batching = config.batching();
  }

  /**
   * Loads a model and warms it up. Blocks for as long as that takes.
   *
   * @throws UnservableModelException if it cannot be served
   */
  Model load(ModelFolder folder) {
    long started = System.nanoTime();
    if (!Files.isRegularFile(folder.file(ModelFolder.GRAPH))) {
      throw folder.unservable(ModelFolder.GRAPH + " is missing; add it");
    }
    Optional<Model> tensorsOnly = TensorsOnly.load(folder, engine);
    if (tensorsOnly.isPresent()) {
      return loaded(tensorsOnly.get(), started);
    }
    ModelConfig config = ModelConfig.read(folder);
    Recipe recipe = Recipe.read(folder);
    long read = System.nanoTime();
    Session session = open(folder);
    long opened = System.nanoTime();
    try {
      GraphCheck.singleInput(folder, session.inputs());
      InputCheck check = new InputCheck(folder, session.input(), recipe);
      TensorFormat format = check.format();
      Size size = check.size(format.layout());
      GraphCheck.output(folder, session.output(), config.labels().count());
      Preprocessor preprocessor = new Preprocessor(recipe.steps(), format);
      List<float[]> answers = warmUp(folder, session, preprocessor, size);
      GraphCheck.width(folder, answers.get(0).length, config.labels().count());
      Activation activation = activation(session.outputKind(), config.multiLabel(), answers);
      Optional<Batcher> batcher = batcher(folder, session, recipe, preprocessor, size);
      long ready = System.nanoTime();
      StartBudget.took(Step.SESSION, opened - read);
      StartBudget.took(Step.WARM_UP, ready - opened);
      metrics.modelLoaded(folder.name(), Integer.toString(folder.version()), ready - started);
      LOG.infof(
          "%s/%d is ready in %d ms (files %d, graph %d, warm-up %d): %s of %s -> %s, %s, %d labels in %s",
          folder.name(),
          folder.version(),
          millis(started, ready),
          millis(started, read),
          millis(read, opened),
          millis(opened, ready),
          session.input(),
          format.channels(),
          session.output(),
          activation == Activation.NONE ? "probabilities" : "logits, " + activation,
          config.labels().count(),
          config.labels().languages());
      return new Model(
          folder.name(),
          folder.version(),
          session,
          Optional.of(new Vision(preprocessor, activation, config.labels(), batcher)));
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  private Model loaded(Model model, long started) {
    long took = System.nanoTime() - started;
    StartBudget.took(Step.SESSION, took);
    metrics.modelLoaded(model.name(), Integer.toString(model.version()), took);
    LOG.infof(
        "%s/%d is ready in %d ms, for tensors only: %s -> %s",
        model.name(), model.version(), took / 1_000_000, model.input(), model.output());
    return model;
  }

  private Session open(ModelFolder folder) {
    try {
      return engine.load(folder.file(ModelFolder.GRAPH));
    } catch (EngineException e) {
      throw folder.unservable(
          ModelFolder.GRAPH + " cannot be loaded; export it again (" + oneLine(e) + ")", e);
    }
  }

  private Optional<Batcher> batcher(
      ModelFolder folder, Session session, Recipe recipe, Preprocessor preprocessor, Size size) {
    Batching settings = batching.get(folder.name());
    if (settings == null || settings.maxBatchSize() == 1) {
      return Optional.empty();
    }
    BatchCheck check = new BatchCheck(folder, session, settings);
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
    List<float[]> answers = new ArrayList<>();
    Random noise = new Random(1);
    byte[] rgb = new byte[size.width() * size.height() * 3];
    try {
      for (int i = 0; i < warmUp; i++) {
        noise.nextBytes(rgb);
        Pixels picture = new Pixels(size.width(), size.height(), rgb);
        long[] shape = preprocessor.shape(picture.width(), picture.height());
        try (Runner runner = session.borrow(shape)) {
          preprocessor.write(picture, runner.input());
          answers.add(runner.run());
        }
      }
      return answers;
    } catch (EngineException e) {
      throw folder.unservable("the graph fails when it runs (" + oneLine(e) + ")", e);
    }
  }

  /**
   * What turns the output into probabilities. Two facts say so: the node that computes the output,
   * and the answers to noise, which sum to 1 every time only if they are probabilities already.
   */
  static Activation activation(OutputKind kind, boolean multiLabel, List<float[]> answers) {
    if (kind != OutputKind.OTHER || answers.stream().allMatch(ModelLoader::isDistribution)) {
      return Activation.NONE;
    }
    return multiLabel ? Activation.SIGMOID : Activation.SOFTMAX;
  }

  private static boolean isDistribution(float[] answer) {
    double sum = 0;
    for (float value : answer) {
      if (!(value >= 0)) {
        return false;
      }
      sum += value;
    }
    return Math.abs(sum - 1) < SUM_TOLERANCE;
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
