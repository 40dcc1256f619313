package dev.glimpse.lifecycle;

import dev.glimpse.cache.ResultCache;
import dev.glimpse.engine.OnnxRuntimeEngine;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.metrics.ServingMetrics;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Registers the metrics of the memory that outlives a request. */
@ApplicationScoped
class MemoryMetrics {

  private final ImageDecoder decoder;
  private final OnnxRuntimeEngine engine;
  private final ResultCache cache;
  private final ServingMetrics metrics;

  MemoryMetrics(
      ImageDecoder decoder, OnnxRuntimeEngine engine, ResultCache cache, ServingMetrics metrics) {
    this.decoder = decoder;
    this.engine = engine;
    this.cache = cache;
    this.metrics = metrics;
  }

  void start(@Observes StartupEvent event) {
    metrics.watchMemory(decoder::memoryKept, decoder::memoryLent, engine::inputBytes);
    if (cache.isOn()) {
      metrics.watchCache(cache::bytes, cache::entries);
    }
  }
}
