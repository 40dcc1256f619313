package dev.glimpse.config;

import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** How many requests may wait, and for how long. */
public interface QueueConfig {

  /**
   * Requests that may wait for a worker; one more is answered with 503 and {@code Retry-After}.
   * Raise it to absorb bursts at the price of longer waits (and of {@code max-bytes} of memory
   * each); lower it to refuse sooner. 0 refuses a request unless a worker is free.
   */
  @WithDefault("64")
  @Min(0)
  @Max(100_000)
  int size();

  /**
   * The longest wait for a worker; a request that has waited longer, or is expected to, is answered
   * with 503 and {@code Retry-After}. Raise it where a late response is better than none; lower it
   * so that clients can try another instance sooner.
   */
  @WithDefault("5s")
  @DurationMin(millis = 1)
  @DurationMax(days = 1)
  Duration timeout();

  /**
   * The time that a client may take to send its body; a slower one is answered with 408. Its slot
   * in the queue is taken meanwhile, so lower it where clients are near; raise it for slow
   * networks.
   */
  @WithDefault("30s")
  @DurationMin(millis = 1)
  @DurationMax(days = 1)
  Duration bodyTimeout();
}
