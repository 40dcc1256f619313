package dev.glimpse.failure;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Decides when the log reports that something outside of the process is away, and that it is back:
 * each once, and what goes and comes once a minute at most. An outage that begins earlier is
 * reported when it lasts. For one thread.
 */
public final class Outage {

  private static final long PERIOD = Duration.ofMinutes(1).toNanos();

  private final LongSupplier clock;
  private boolean reported;
  private boolean everReported;
  private long reportedAt;

  /**
   * Begins with what is there.
   *
   * @param clock in nanoseconds
   */
  public Outage(LongSupplier clock) {
    this.clock = clock;
  }

  /** Notes that an attempt has failed; returns whether to report that it is away. */
  public boolean failed() {
    long now = clock.getAsLong();
    if (reported || (everReported && now - reportedAt < PERIOD)) {
      return false;
    }
    reported = true;
    everReported = true;
    reportedAt = now;
    return true;
  }

  /** Notes that an attempt has succeeded; returns whether to report that it is back. */
  public boolean worked() {
    boolean back = reported;
    reported = false;
    return back;
  }
}
