package dev.glimpse.model;

import dev.glimpse.batching.DynamicBatcher;
import dev.glimpse.config.BatchingConfig;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.engine.Session;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.repository.ModelFolder;
import dev.glimpse.workers.WorkerPool;
import java.util.Map;
import java.util.Optional;

/** Starts dynamic batching of the models whose settings ask for it. */
@FunctionalInterface
interface BatcherFactory {

  /** Batches no model. */
  BatcherFactory NONE = (folder, session, spec) -> Optional.empty();

  /**
   * Starts the batching of a model.
   *
   * @return owned by the model; empty if each image is run alone
   * @throws dev.glimpse.failure.UnservableModelException if the graph cannot run batches, or a
   *     batch gives other scores
   */
  Optional<DynamicBatcher> start(ModelFolder folder, Session session, ClassifierSpec spec);

  /** Returns a factory that batches as the settings say. */
  static BatcherFactory of(WorkerPool workers, ServingMetrics metrics, GlimpseConfig config) {
    Map<String, BatchingConfig> byModel = config.batching();
    return (folder, session, spec) -> {
      BatchingConfig settings = byModel.get(folder.name());
      if (settings == null || settings.maxBatchSize() == 1) {
        return Optional.empty();
      }
      BatchConsistencyCheck check = new BatchConsistencyCheck(folder, session, settings);
      check.checkSettings(spec.recipe());
      check.compareScores(spec.preprocessor(), spec.size());
      return Optional.of(
          DynamicBatcher.start(
              workers,
              session,
              spec.preprocessor().shape(spec.size().width(), spec.size().height()),
              settings,
              metrics.batches(folder.name(), Integer.toString(folder.version()))));
    };
  }
}
