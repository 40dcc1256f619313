package dev.glimpse.cache;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.glimpse.config.CacheConfig;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.metrics.CacheMetrics;
import dev.glimpse.metrics.CacheMetrics.Lookup;
import dev.glimpse.postprocess.RankedClasses;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Caches results, bounded by the memory they take; Caffeine evicts by frequency and recency. Off
 * unless {@code glimpse.cache.max-bytes} or {@code glimpse.cache.redis} is set; with the latter
 * alone, results are forgotten as soon as they are known, and equal requests that run at the same
 * time still share one. Any thread may call it; it does not block.
 */
@ApplicationScoped
// Caffeine loads the classes that implement a cache's features, and its entries, by name.
@RegisterForReflection(
    classNames = {
      "com.github.benmanes.caffeine.cache.SSMW",
      "com.github.benmanes.caffeine.cache.SSMWW",
      "com.github.benmanes.caffeine.cache.PSMW",
      "com.github.benmanes.caffeine.cache.PSWMW"
    })
public class ResultCache {

  /** Estimates key, hash, list, future, and Caffeine's own entry in its table. */
  private static final int BYTES_PER_ENTRY = 250;

  /** Estimates the object and the reference to it. Labels belong to the model and are shared. */
  private static final int BYTES_PER_CLASS = 28;

  private final CacheMetrics metrics;

  /** Null if the cache is off. */
  private final @Nullable AsyncCache<Key, RankedClasses> results;

  @Inject
  public ResultCache(GlimpseConfig config, CacheMetrics metrics) {
    this(config, metrics, System::nanoTime);
  }

  /** Makes a cache whose entries age by the given clock, in nanoseconds. */
  public ResultCache(GlimpseConfig config, CacheMetrics metrics, LongSupplier clock) {
    this.metrics = metrics;
    long maxBytes = config.cache().maxBytes().asLongValue();
    boolean off = maxBytes == 0 && !config.cache().redis();
    this.results = off ? null : build(maxBytes, config.cache(), clock);
  }

  private AsyncCache<Key, RankedClasses> build(
      long maxBytes, CacheConfig config, LongSupplier clock) {
    Caffeine<Key, RankedClasses> builder =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher((Key key, RankedClasses result) -> bytes(result))
            .ticker(clock::getAsLong)
            .executor(Runnable::run) // maintenance is short and needs no thread of its own
            .evictionListener((key, result, cause) -> {
              if (cause == RemovalCause.SIZE && maxBytes > 0) {
                metrics.evicted();
              }
            });
    config.ttl().ifPresent(builder::expireAfterWrite);
    return builder.buildAsync();
  }

  private static int bytes(RankedClasses result) {
    return BYTES_PER_ENTRY + (result.best().size() + result.groups().size()) * BYTES_PER_CLASS;
  }

  /** Returns whether results are cached at all. */
  public boolean isOn() {
    return results != null;
  }

  /**
   * Returns the entry for a key; creates one that belongs to the caller if there is no entry yet.
   *
   * @throws IllegalStateException if the cache is off
   */
  public CacheEntry find(Key key) {
    AsyncCache<Key, RankedClasses> cache = on();
    CompletableFuture<RankedClasses> known = cache.getIfPresent(key);
    if (known == null) {
      CompletableFuture<RankedClasses> added = new CompletableFuture<>();
      known = cache.asMap().putIfAbsent(key, added);
      if (known == null) {
        metrics.lookedUp(Lookup.MISS);
        return new CacheEntry(this, key, added, true);
      }
    }
    metrics.lookedUp(known.isDone() ? Lookup.HIT : Lookup.JOINED);
    return new CacheEntry(this, key, known, false);
  }

  /** Returns about how many bytes the results take, without those in progress. */
  public long bytes() {
    return on().synchronous().policy().eviction().orElseThrow().weightedSize().orElse(0);
  }

  /** Returns the number of results, including those in progress. */
  public long entries() {
    return on().synchronous().estimatedSize();
  }

  void drop(Key key, CompletableFuture<RankedClasses> result) {
    on().asMap().remove(key, result);
  }

  private AsyncCache<Key, RankedClasses> on() {
    if (results == null) {
      throw new IllegalStateException(
          "The cache is off (glimpse.cache.max-bytes is 0, glimpse.cache.redis false).");
    }
    return results;
  }
}
