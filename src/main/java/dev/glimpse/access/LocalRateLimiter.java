package dev.glimpse.access;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/** Counts requests in this process's memory. */
final class LocalRateLimiter implements RateLimiter {

  /**
   * A bucket takes about 150 bytes. Beyond these, the one that has not been used for the longest
   * time is forgotten, and is full when its caller comes again.
   */
  static final int MOST_BUCKETS = 100_000;

  private final LongSupplier clock;

  /** When each bucket is full again, by the clock, the least recently used one first. */
  private final Map<String, Long> full =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > MOST_BUCKETS;
        }
      };

  /**
   * Creates a limiter with full buckets.
   *
   * @param clock in nanoseconds
   */
  LocalRateLimiter(LongSupplier clock) {
    this.clock = clock;
  }

  @Override
  public CompletionStage<Decision> take(String bucket, Rate rate) {
    return CompletableFuture.completedFuture(takeNow(bucket, rate));
  }

  /**
   * Does what {@link #take} does, at once. A bucket that would be full later than a period from now
   * was left by another rate, and is empty, no more.
   */
  synchronized Decision takeNow(String bucket, Rate rate) {
    long now = clock.getAsLong();
    Long before = full.get(bucket);
    long ahead = before == null ? 0 : Math.max(0, before - now);
    if (ahead > rate.period().toNanos()) {
      ahead = rate.period().toNanos();
      full.put(bucket, now + ahead);
    }
    long next = ahead + rate.interval();
    if (next > rate.period().toNanos()) {
      return Decision.of(false, ahead, rate);
    }
    full.put(bucket, now + next);
    return Decision.of(true, next, rate);
  }

  /**
   * Notes what another limiter knows of a bucket; what is known here stays if it is stricter.
   *
   * @param ahead nanoseconds until the bucket is full
   */
  synchronized void follow(String bucket, long ahead) {
    long now = clock.getAsLong();
    full.merge(bucket, now + ahead, (before, then) -> before - then > 0 ? before : then);
  }
}
