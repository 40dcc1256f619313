package dev.glimpse.simulation;

import dev.glimpse.batching.DynamicBatcher;
import dev.glimpse.config.BatchingConfig;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.engine.OnnxRuntimeEngine;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.model.ClassificationTask;
import dev.glimpse.model.Model;
import dev.glimpse.model.ModelLoader;
import dev.glimpse.postprocess.Activation;
import dev.glimpse.postprocess.ClassGroups;
import dev.glimpse.postprocess.Labels;
import dev.glimpse.postprocess.ScoreCalibration;
import dev.glimpse.preprocess.Preprocessing;
import dev.glimpse.preprocess.Preprocessor;
import dev.glimpse.preprocess.TensorFormat;
import dev.glimpse.repository.ModelFolder;
import dev.glimpse.support.Configs;
import dev.glimpse.workers.WorkerPool;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Loads simulated models from real folders; fails now and then. */
final class SimulatedLoader extends ModelLoader {

  static final List<String> LABELS = List.of("image", "load", "nothing");

  private static final OnnxRuntimeEngine ENGINE = new OnnxRuntimeEngine(Configs.defaults());
  private static final Preprocessing AS_IT_IS =
      new Preprocessing(
          Optional.empty(), Optional.empty(), 1, Preprocessing.NO_MEAN, Preprocessing.NO_DEVIATION);

  /** One load that the loader has returned. */
  record Load(String name, int version, SimulatedSession session, boolean valid) {}

  private final World world;
  private final WorkerPool workers;
  private final ServingMetrics metrics;
  private final GlimpseConfig config;
  private final List<Load> loads = new ArrayList<>();
  private final SimulatedRepository repository;
  private boolean started;
  private boolean calm;
  private int attempts;
  private int failures;

  SimulatedLoader(
      World world,
      WorkerPool workers,
      ServingMetrics metrics,
      GlimpseConfig config,
      SimulatedRepository repository) {
    super(ENGINE, workers, metrics, config);
    this.world = world;
    this.repository = repository;
    this.workers = workers;
    this.metrics = metrics;
    this.config = config;
  }

  /** Makes later loads take time, and fail now and then. */
  void started() {
    started = true;
  }

  /** Lets all later loads succeed. */
  void calm() {
    calm = true;
  }

  List<Load> loads() {
    return loads;
  }

  /** Returns how many loads were attempted after the start. */
  int attempts() {
    return attempts;
  }

  /** Returns how many of them failed. */
  int failures() {
    return failures;
  }

  /** Returns the number of the newest open load of a version; −1 if none is open. */
  int newest(String name, int version) {
    return loads.stream()
        .filter(load -> load.name.equals(name) && load.version == version)
        .filter(load -> load.valid && !load.session.closed())
        .mapToInt(load -> load.session.load())
        .max()
        .orElse(-1);
  }

  @Override
  public Model load(ModelFolder folder) {
    int fault = 0;
    if (started) {
      attempts++;
      int drawn = calm ? 0 : world.random().nextInt(10);
      world.log(() -> "load " + folder.name() + "/" + folder.version() + ", fault " + drawn);
      world.sleep(20);
      fault = drawn;
    }
    if (fault >= 1 && fault <= 4) {
      failures++;
    }
    switch (fault) {
      case 1 -> throw folder.unservable("it is simulated");
      case 2 -> throw new OutOfMemoryError("simulated, while a model is loaded");
      case 3 -> throw new IllegalStateException("simulated, while a model is loaded");
      case 4 -> repository.touch(folder.path()); // so that the loaded model is closed again
      default -> {
        // well
      }
    }
    String name = folder.name() + "/" + folder.version();
    SimulatedSession session = new SimulatedSession(world, name, loads.size());
    loads.add(new Load(folder.name(), folder.version(), session, fault != 4));
    return new Model(
        folder.name(), folder.version(), session, Optional.of(task(folder, session)), List::of);
  }

  private ClassificationTask task(ModelFolder folder, SimulatedSession session) {
    BatchingConfig settings = config.batching().get(folder.name());
    Optional<DynamicBatcher> batcher =
        settings == null || settings.maxBatchSize() == 1
            ? Optional.empty()
            : Optional.of(
                DynamicBatcher.start(
                    workers,
                    session,
                    new long[] {1, 3, 1, 1},
                    settings,
                    metrics.batches(folder.name(), Integer.toString(folder.version()))));
    return new ClassificationTask(
        new Preprocessor(AS_IT_IS, TensorFormat.RGB_NCHW_FLOAT32),
        Activation.NONE,
        true,
        new Labels(LABELS, Map.of()),
        batcher,
        ScoreCalibration.NONE,
        Optional.empty(),
        ClassGroups.NONE,
        Optional.empty(),
        Optional::empty);
  }
}
