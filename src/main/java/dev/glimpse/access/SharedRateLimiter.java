package dev.glimpse.access;

import dev.glimpse.digest.Sha256;
import dev.glimpse.redis.Script;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Counts requests in Redis, for all replicas together, by Redis's clock, and in this process's
 * memory while Redis is away. The memory follows what Redis says, so that a caller who has used its
 * requests up does not get them again because Redis goes away.
 */
final class SharedRateLimiter implements RateLimiter {

  /**
   * The generic cell rate algorithm on one key, which holds when the bucket will be full, in
   * microseconds since 1970. A bucket that would be full later than a period from now was written
   * at another rate, or by a clock that was ahead, and is empty, no more. Doubles are exact up to
   * 2^53, until the year 2255.
   *
   * <p>Arguments: the period and the interval between two requests, in microseconds. Returns
   * whether the request is allowed (1 or 0), and the microseconds until the bucket is full.
   */
  static final Script GCRA =
      Script.of(
          """
          local time = redis.call('TIME')
          local now = time[1] * 1000000 + time[2]
          local period = tonumber(ARGV[1])
          local function fullAt(later)
            local value = string.format('%.0f', now + later)
            redis.call('SET', KEYS[1], value, 'PX', math.ceil(later / 1000))
          end
          local known = tonumber(redis.call('GET', KEYS[1]) or now) or now
          local ahead = math.max(known - now, 0)
          if ahead > period then
            ahead = period
            fullAt(ahead)
          end
          local next = ahead + tonumber(ARGV[2])
          if next > period then
            return {0, ahead}
          end
          fullAt(next)
          return {1, next}
          """);

  /** Runs the script in Redis. */
  @FunctionalInterface
  interface Scripts {

    /**
     * Runs a script on a key.
     *
     * @return the numbers that it returns; empty if Redis is not available; never fails
     */
    CompletableFuture<Optional<List<Long>>> run(Script script, String key, List<String> arguments);
  }

  private final Scripts redis;
  private final String prefix;
  private final LocalRateLimiter local;

  /**
   * Creates a limiter.
   *
   * @param prefix what keys begin with
   * @param local used while Redis is away
   */
  SharedRateLimiter(Scripts redis, String prefix, LocalRateLimiter local) {
    this.redis = redis;
    this.prefix = prefix + "rate:";
    this.local = local;
  }

  @Override
  public CompletionStage<Decision> take(String bucket, Rate rate) {
    return redis
        .run(
            GCRA,
            key(bucket),
            List.of(
                Long.toString(TimeUnit.NANOSECONDS.toMicros(rate.period().toNanos())),
                Long.toString(Math.max(1, TimeUnit.NANOSECONDS.toMicros(rate.interval())))))
        .thenApply(numbers -> decide(bucket, rate, numbers.orElse(List.of())));
  }

  /** Hides names and addresses from who reads Redis, and has one length. */
  private String key(String bucket) {
    byte[] hash = Sha256.of(bucket.getBytes(StandardCharsets.UTF_8));
    return prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
  }

  private Decision decide(String bucket, Rate rate, List<Long> numbers) {
    if (numbers.size() != 2) {
      return local.takeNow(bucket, rate);
    }
    long ahead = TimeUnit.MICROSECONDS.toNanos(numbers.get(1));
    local.follow(bucket, ahead);
    return Decision.of(numbers.get(0) == 1, ahead, rate);
  }
}
