package dev.glimpse.access;

import dev.glimpse.access.RateLimiter.Decision;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.redis.RedisClient;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Limits how often callers may send requests: each key at its own rate or at {@code
 * glimpse.http.rate}, and clients without a key at the latter, by address. Where {@code
 * glimpse.redis.url} is set, replicas count together.
 */
@ApplicationScoped
public class RateLimits {

  private static final CompletionStage<Optional<Decision>> NO_LIMIT =
      CompletableFuture.completedFuture(Optional.empty());

  private final Optional<Rate> usual;
  private final boolean keysHaveRates;
  private final RateLimiter limiter;

  RateLimits(GlimpseConfig config, RedisClient redis) {
    this.usual = config.http().rate().flatMap(Rate::parse);
    this.keysHaveRates = config.auth().keys().isPresent();
    LocalRateLimiter local = new LocalRateLimiter(System::nanoTime);
    this.limiter = redis.isOn() ? new SharedRateLimiter(redis::run, redis.prefix(), local) : local;
    if (redis.isOn() && isOn()) {
      redis.open();
    }
  }

  /** Returns whether any request may be limited. */
  public boolean isOn() {
    return usual.isPresent() || keysHaveRates;
  }

  /**
   * Counts a request of a known caller.
   *
   * @return empty if the caller has no limit; never fails; completed by any thread
   */
  public CompletionStage<Optional<Decision>> take(Caller caller) {
    return take("caller:" + caller.name(), caller.rate().or(() -> usual));
  }

  /**
   * Counts a request of an unknown caller.
   *
   * @return empty if there is no limit; never fails
   */
  public CompletionStage<Optional<Decision>> takeFrom(String address) {
    return take("address:" + address, usual);
  }

  private CompletionStage<Optional<Decision>> take(String bucket, Optional<Rate> rate) {
    if (rate.isEmpty()) {
      return NO_LIMIT;
    }
    return limiter.take(bucket, rate.get()).thenApply(Optional::of);
  }
}
