package dev.glimpse.pull;

import java.time.Duration;

/**
 * How long a server is waited for.
 *
 * @param connect until it takes the connection
 * @param stall until it answers, and from one piece of the answer to the next
 * @param attempts how often in a row it may bring nothing
 * @param pause before the second attempt; twice that before the third, and so on
 * @param longestWait how long it may ask to be left alone
 */
public record RetryPolicy(
    Duration connect, Duration stall, int attempts, Duration pause, Duration longestWait) {

  /** For servers in the world. */
  public static final RetryPolicy USUAL =
      new RetryPolicy(
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          5,
          Duration.ofSeconds(1),
          Duration.ofMinutes(1));
}
