package dev.glimpse.access;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.redis.RedisClient;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Limits how often callers may ask: each key at its own rate or at {@code glimpse.http.rate}, and
 * who sends none at the latter, by address. Where {@code glimpse.redis.url} is set, replicas count
 * together.
 */
@ApplicationScoped
public class Limits {

  private static final CompletionStage<Optional<Verdict>> NO_LIMIT =
      CompletableFuture.completedFuture(Optional.empty());

  private final Optional<Rate> usual;
  private final boolean keysHaveRates;
  private final RateLimiter limiter;

  /**
   * What became of a request that is limited.
   *
   * @param limit the requests that may come within the rate's period
   */
  public record Verdict(long limit, RateLimiter.Decision decision) {}

  Limits(GlimpseConfig config, RedisClient redis) {
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
  public CompletionStage<Optional<Verdict>> take(Caller caller) {
    return take("caller:" + caller.name(), caller.rate().or(() -> usual));
  }

  /**
   * Counts a request of an unknown caller.
   *
   * @return empty if there is no limit; never fails
   */
  public CompletionStage<Optional<Verdict>> takeFrom(String address) {
    return take("address:" + address, usual);
  }

  private CompletionStage<Optional<Verdict>> take(String bucket, Optional<Rate> rate) {
    if (rate.isEmpty()) {
      return NO_LIMIT;
    }
    return limiter
        .take(bucket, rate.get())
        .thenApply(decision -> Optional.of(new Verdict(rate.get().requests(), decision)));
  }
}
