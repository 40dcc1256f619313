package dev.glimpse;

import dev.glimpse.cache.ResultCache;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.memory.RequestMemory;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.registry.ModelRegistry;
import dev.glimpse.support.Configs;
import dev.glimpse.workers.WorkerPool;
import java.util.Map;

/** Holds the entrances of a service without the framework. */
public record SimulatedService(Classifier one, BatchClassifier many) {

  /** Makes both of the same parts. */
  public static SimulatedService of(
      WorkerPool workers,
      ModelRegistry models,
      ImageDecoder decoder,
      ResultCache cache,
      ServingMetrics metrics) {
    RequestMemory memory = new RequestMemory(Configs.of(Map.of()));
    Classifier one = new Classifier(workers, models, decoder, cache, metrics, memory);
    return new SimulatedService(one, new BatchClassifier(one, workers, models, metrics));
  }
}
