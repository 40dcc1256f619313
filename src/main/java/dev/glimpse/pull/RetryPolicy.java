package dev.glimpse.pull;

import java.time.Duration;

/**
 * Sets the timeouts and retries of downloads.
 *
 * @param connect the time to wait for a connection
 * @param stall the time to wait for the response's headers, and for each part of its body
 * @param attempts how many attempts in a row may bring no bytes
 * @param pause the wait before the second attempt; doubled for each one after that
 * @param maxRetryAfter the longest {@code Retry-After} that is obeyed; a longer one is a failure
 */
public record RetryPolicy(
    Duration connect, Duration stall, int attempts, Duration pause, Duration maxRetryAfter) {

  /** The policy for servers on the internet. */
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          5,
          Duration.ofSeconds(1),
          Duration.ofMinutes(1));
}
