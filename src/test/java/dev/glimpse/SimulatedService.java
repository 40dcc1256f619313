package dev.glimpse;

import dev.glimpse.cache.ResultCache;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.memory.RequestMemory;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.pipeline.PredictionListeners;
import dev.glimpse.registry.ModelRegistry;
import dev.glimpse.support.NoRedis;
import dev.glimpse.workers.WorkerPool;

/** Holds the entrances of a service without the framework. */
public record SimulatedService(
    Classifier one, BatchClassifier many, TensorInference tensors, RequestMemory memory) {

  /** Makes all of them of the same parts. */
  public static SimulatedService of(
      WorkerPool workers,
      ModelRegistry models,
      ImageDecoder decoder,
      ResultCache cache,
      ServingMetrics metrics,
      GlimpseConfig config,
      RequestMemory memory,
      PredictionListeners listeners) {
    Classifier one =
        new Classifier(
            workers, models, decoder, cache, NoRedis.results(config), metrics, memory, listeners);
    return new SimulatedService(
        one,
        new BatchClassifier(one, workers, models, metrics),
        new TensorInference(workers, models, decoder, metrics, config, memory, listeners),
        memory);
  }
}
