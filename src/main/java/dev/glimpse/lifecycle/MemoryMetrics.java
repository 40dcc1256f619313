package dev.glimpse.lifecycle;

import dev.glimpse.cache.ResultCache;
import dev.glimpse.engine.OnnxRuntimeEngine;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.memory.MemoryBudget;
import dev.glimpse.memory.RequestMemory;
import dev.glimpse.metrics.ServingMetrics;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Registers the metrics of the budgets and of the memory that outlives a request. */
@ApplicationScoped
class MemoryMetrics {

  private final ImageDecoder decoder;
  private final OnnxRuntimeEngine engine;
  private final ResultCache cache;
  private final RequestMemory memory;
  private final ServingMetrics metrics;

  MemoryMetrics(
      ImageDecoder decoder,
      OnnxRuntimeEngine engine,
      ResultCache cache,
      RequestMemory memory,
      ServingMetrics metrics) {
    this.decoder = decoder;
    this.engine = engine;
    this.cache = cache;
    this.memory = memory;
    this.metrics = metrics;
  }

  void start(@Observes StartupEvent event) {
    memory.log();
    watch("first-bytes", memory.firstBytes());
    watch("bodies", memory.bodies());
    watch("work", memory.work());
    watch("pixels", memory.pixels());
    metrics.watchMemory(
        () -> decoder.memoryKept() + memory.blocks().kept(),
        () -> decoder.memoryLent() + memory.blocks().lent(),
        engine::inputBytes);
    if (cache.isOn()) {
      metrics.watchCache(cache::bytes, cache::entries);
    }
  }

  private void watch(String name, MemoryBudget budget) {
    metrics.watchBudget(name, budget::capacity, budget::used, budget::refused);
  }
}
