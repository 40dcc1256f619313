package dev.glimpse.api.http;

import java.util.function.LongSupplier;

/**
 * Bounds how many lines are written each second, and counts those that are left out. Thread-safe.
 */
final class LogRate {

  /** The result of {@link #next} for a line that is to be left out. */
  static final int LEAVE_OUT = -1;

  private static final long SECOND = 1_000_000_000;

  private final int most;
  private final LongSupplier clock;
  private long began;
  private int lines;
  private int leftOut;

  /**
   * Creates a rate at which no line has been written.
   *
   * @param most lines in a second
   * @param clock in nanoseconds
   */
  LogRate(int most, LongSupplier clock) {
    this.most = most;
    this.clock = clock;
    this.began = clock.getAsLong();
  }

  /**
   * Decides about the next line.
   *
   * @return how many lines were left out since the last one; {@link #LEAVE_OUT} if this one is too
   */
  synchronized int next() {
    long now = clock.getAsLong();
    if (now - began >= SECOND) {
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
