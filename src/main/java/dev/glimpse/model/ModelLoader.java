package dev.glimpse.model;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.engine.OnnxRuntimeEngine;
import dev.glimpse.engine.Session;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.preprocess.PixelCode;
import dev.glimpse.recipe.ServedTask;
import dev.glimpse.repository.ModelFolder;
import dev.glimpse.workers.WorkerPool;
import io.quarkus.runtime.ImageMode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Loads a model from its folder: reads the files, opens the graph, warms it up. */
@ApplicationScoped
public class ModelLoader {

  private static final Logger LOG = Logger.getLogger(ModelLoader.class);

  /** After this many runs the JIT compilers have seen the code that runs. */
  private static final int JVM_WARM_UP_RUNS = 3;

  private final OnnxRuntimeEngine engine;
  private final GraphOpener graphs;
  private final ClassifierLoader classifiers;
  private final ServingMetrics metrics;

  public ModelLoader(
      OnnxRuntimeEngine engine, WorkerPool workers, ServingMetrics metrics, GlimpseConfig config) {
    this.engine = engine;
    this.graphs = new GraphOpener(engine);
    this.classifiers = new ClassifierLoader(workers, metrics, warmUpRuns(config), config);
    this.metrics = metrics;
  }

  /** Returns how often each model runs before it is ready: 1 or more. */
  public static int warmUpRuns(GlimpseConfig config) {
    boolean compiles = ImageMode.current() != ImageMode.NATIVE_RUN;
    return config.models().warmUp().orElse(compiles ? JVM_WARM_UP_RUNS : 1);
  }

  /** Returns what scales images, for operators: "C with AVX2". */
  public static String pixelCode(GlimpseConfig config) {
    return PixelCode.chosen(config.pixels()).words();
  }

  /**
   * Loads a model and warms it up, from its optimized graph if that can be used. Blocks for as long
   * as that takes.
   *
   * @return owned by the caller
   * @throws UnservableModelException if it cannot be served
   */
  public Model load(ModelFolder folder) {
    try {
      Optional<OptimizedGraph> optimized = OptimizedGraph.find(folder, engine::platform);
      if (optimized.isPresent()) {
        return load(folder, optimized).model();
      }
    } catch (UnservableModelException e) {
      LOG.warnf(
          "The optimized graph is not used, which makes the start slower; run `models prepare`"
              + " again. %s",
          e.getMessage());
    }
    return load(folder, Optional.empty()).model();
  }

  /**
   * Loads a model from the given optimized graph, or from the exported graph if there is none.
   * Opens the graph once, and decides then whether it is a classifier or takes tensors only.
   *
   * @throws UnservableModelException if it cannot be served
   */
  LoadedModel load(ModelFolder folder, Optional<OptimizedGraph> optimized) {
    LoadTimer timer = new LoadTimer();
    ModelFiles files = ModelFiles.read(folder);
    timer.filesRead();
    Session session = graphs.open(files, optimized);
    timer.graphOpened();
    try {
      ServedTask task = ServedTask.of(files.task(), session);
      LoadedModel loaded =
          task.classifies()
              ? classifiers.load(files, session, optimized)
              : TensorModelLoader.load(files, session, task);
      timer.ready(loaded.model(), optimized.isPresent() ? "prepared" : "exported", metrics);
      return loaded;
    } catch (RuntimeException | Error e) {
      session.close();
      throw e;
    }
  }
}
