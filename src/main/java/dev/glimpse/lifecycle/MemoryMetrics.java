package dev.glimpse.lifecycle;

import dev.glimpse.cache.ResultCache;
import dev.glimpse.engine.OnnxRuntimeEngine;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.memory.MemoryBudget;
import dev.glimpse.memory.RequestMemory;
import dev.glimpse.metrics.CacheMetrics;
import dev.glimpse.metrics.InstanceMetrics;
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
  private final InstanceMetrics metrics;
  private final CacheMetrics cacheMetrics;

  MemoryMetrics(
      ImageDecoder decoder,
      OnnxRuntimeEngine engine,
      ResultCache cache,
      RequestMemory memory,
      InstanceMetrics metrics,
      CacheMetrics cacheMetrics) {
    this.decoder = decoder;
    this.engine = engine;
    this.cache = cache;
    this.memory = memory;
    this.metrics = metrics;
    this.cacheMetrics = cacheMetrics;
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
      cacheMetrics.watch(cache::bytes, cache::entries);
    }
  }

  private void watch(String name, MemoryBudget budget) {
    metrics.watchBudget(name, budget::capacity, budget::used, budget::refused);
  }
}
