package dev.glimpse.api.http;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Bounds how many lines are written in a period of time, and counts those that are left out.
 * Thread-safe.
 */
public final class LogRate {

  /** The result of {@link #next} for a line that is to be left out. */
  public static final int LEAVE_OUT = -1;

  private final int most;
  private final long period;
  private final LongSupplier clock;
  private long began;
  private int lines;
  private int leftOut;

  /**
   * Creates a rate at which no line has been written.
   *
   * @param most lines in a period
   * @param period begins with a line
   * @param clock in nanoseconds
   */
  public LogRate(int most, Duration period, LongSupplier clock) {
    this.most = most;
    this.period = period.toNanos();
    this.clock = clock;
  }

  /**
   * Decides about the next line.
   *
   * @return how many lines were left out since the last one; {@link #LEAVE_OUT} if this one is too
   */
  public synchronized int next() {
    long now = clock.getAsLong();
    if (lines == 0 || now - began >= period) {
      began = now;
      lines = 0;
    }
    if (lines == most) {
      leftOut++;
      return LEAVE_OUT;
    }
    lines++;
    return takeLeftOut();
  }

  /** Returns how many lines were left out since they were last counted, and starts again. */
  synchronized int takeLeftOut() {
    int count = leftOut;
    leftOut = 0;
    return count;
  }
}
