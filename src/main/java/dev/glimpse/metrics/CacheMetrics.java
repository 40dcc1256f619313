package dev.glimpse.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.LongSupplier;

/** Counts lookups of cached results, in memory and in Redis. Any thread may call it. */
@ApplicationScoped
public class CacheMetrics {

  private final MeterRegistry registry;

  public CacheMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Registers gauges of the cache in memory. */
  public void watch(LongSupplier bytes, LongSupplier entries) {
    Gauge.builder("glimpse.cache.bytes", bytes::getAsLong)
        .description("Memory of the cached results")
        .baseUnit("bytes")
        .register(registry);
    Gauge.builder("glimpse.cache.entries", entries::getAsLong)
        .description("Results in the cache")
        .register(registry);
  }

  /** Counts a cache lookup. */
  public void lookedUp(Lookup result) {
    Counter.builder("glimpse.cache.lookups")
        .description("Lookups in the cache, by result")
        .tag("result", result.tag)
        .register(registry)
        .increment();
  }

  /** Counts a lookup among the results in Redis. */
  public void lookedUpShared(SharedLookup result) {
    Counter.builder("glimpse.cache.redis.lookups")
        .description("Lookups of results in Redis, by result")
        .tag("result", result.tag)
        .register(registry)
        .increment();
  }

  /** Counts a result that was evicted from the cache to make room. */
  public void evicted() {
    Counter.builder("glimpse.cache.evictions")
        .description("Results evicted from the cache to make room")
        .register(registry)
        .increment();
  }

  /** The result of a cache lookup. */
  public enum Lookup {
    /** The result was cached. */
    HIT("hit"),
    /** The result has to be computed. */
    MISS("miss"),
    /** Another request is computing the result; this one waits for it. */
    JOINED("joined");

    private final String tag;

    Lookup(String tag) {
      this.tag = tag;
    }
  }

  /** The result of a lookup in Redis. */
  public enum SharedLookup {
    HIT("hit"),
    /** There was no result, or Redis was not available. */
    MISS("miss"),
    /** The value was none that this program has written for the key. */
    INVALID("invalid");

    private final String tag;

    SharedLookup(String tag) {
      this.tag = tag;
    }
  }
}
