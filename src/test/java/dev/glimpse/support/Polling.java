package dev.glimpse.support;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Waits for an effect of another thread or process. */
public final class Polling {

  private static final Duration INTERVAL = Duration.ofMillis(2);
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private Polling() {}

  /**
   * Begins a condition that is checked every few milliseconds, in the test's own thread, and fails
   * the test after a minute.
   */
  public static ConditionFactory await() {
    return Awaitility.await()
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .pollInterval(INTERVAL)
        .atMost(LIMIT);
  }
}
