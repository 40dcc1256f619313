package dev.glimpse.cache;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.metrics.ServingMetrics.Lookup;
import dev.glimpse.postprocess.Classification;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers that have been given, bounded by the memory they take; which to keep, Caffeine decides by
 * how often and how lately they were asked for. Off unless {@code glimpse.cache.max-bytes} says
 * otherwise. Any thread may use it; nobody waits.
 */
@ApplicationScoped
// Caffeine looks for the class that has just what a cache needs by its name, as for its entries.
@RegisterForReflection(
    classNames = {
      "com.github.benmanes.caffeine.cache.SSMW",
      "com.github.benmanes.caffeine.cache.SSMWW",
      "com.github.benmanes.caffeine.cache.PSMW",
      "com.github.benmanes.caffeine.cache.PSWMW"
    })
public class ResultCache {

  /** Key, hash, list, future, and Caffeine's own entry and its place in the table. */
  private static final int BYTES_OF_AN_ENTRY = 250;

  /** The object and the reference to it. Labels are the model's, and are there anyway. */
  private static final int BYTES_OF_A_CLASS = 28;

  private final ServingMetrics metrics;

  /** Null while it is off. */
  private final @Nullable AsyncCache<Key, List<Classification>> answers;

  @Inject
  public ResultCache(GlimpseConfig config, ServingMetrics metrics) {
    this(config, metrics, System::nanoTime);
  }

  ResultCache(GlimpseConfig config, ServingMetrics metrics, LongSupplier clock) {
    this.metrics = metrics;
    long maxBytes = config.cache().maxBytes().asLongValue();
    this.answers = maxBytes == 0 ? null : build(maxBytes, config.cache(), clock);
  }

  private AsyncCache<Key, List<Classification>> build(
      long maxBytes, GlimpseConfig.Cache config, LongSupplier clock) {
    Caffeine<Key, List<Classification>> builder =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher((Key key, List<Classification> answer) -> bytes(answer))
            .ticker(clock::getAsLong)
            .executor(Runnable::run) // its housekeeping is short: no threads of its own
            .evictionListener((key, answer, cause) -> {
              if (cause == RemovalCause.SIZE) {
                metrics.evicted();
              }
            });
    config.ttl().ifPresent(builder::expireAfterWrite);
    return builder.buildAsync();
  }

  private static int bytes(List<Classification> answer) {
    return BYTES_OF_AN_ENTRY + answer.size() * BYTES_OF_A_CLASS;
  }

  /** Whether anything is kept at all. */
  public boolean isOn() {
    return answers != null;
  }

  /**
   * Finds the place of an answer, and makes it the caller's if there is none.
   *
   * @throws IllegalStateException if it is off
   */
  public CacheEntry find(Key key) {
    AsyncCache<Key, List<Classification>> cache = on();
    CompletableFuture<List<Classification>> known = cache.getIfPresent(key);
    if (known == null) {
      CompletableFuture<List<Classification>> ours = new CompletableFuture<>();
      known = cache.asMap().putIfAbsent(key, ours);
      if (known == null) {
        metrics.lookedUp(Lookup.MISS);
        return new CacheEntry(this, key, ours, true);
      }
    }
    metrics.lookedUp(known.isDone() ? Lookup.HIT : Lookup.JOINED);
    return new CacheEntry(this, key, known, false);
  }

  /** Bytes that the answers take, as far as that can be said; what is worked out counts nothing. */
  public long bytes() {
    return on().synchronous().policy().eviction().orElseThrow().weightedSize().orElse(0);
  }

  /** Answers that are kept, and such as are being worked out. */
  public long entries() {
    return on().synchronous().estimatedSize();
  }

  void drop(Key key, CompletableFuture<List<Classification>> answer) {
    on().asMap().remove(key, answer);
  }

  private AsyncCache<Key, List<Classification>> on() {
    if (answers == null) {
      throw new IllegalStateException("The cache is off.");
    }
    return answers;
  }
}
