package dev.glimpse.api.http;

import java.util.concurrent.TimeUnit;

/**
 * Says how fast a body has to arrive. All times are nanoseconds since its first byte was allowed to
 * come.
 *
 * @param minimum bytes a second; 0: any
 * @param longest how long the whole body may take
 */
record BodyRate(long minimum, long longest) {

  /** For a connection to get up to speed, or to lose some packets. */
  private static final long GRACE = TimeUnit.SECONDS.toNanos(5);

  private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

  /** Returns whether a body of which so many bytes have arrived is too slow. */
  boolean tooSlow(long elapsed, long received) {
    return elapsed >= allowed(received) && elapsed < longest;
  }

  /** Returns when a body is to be looked at, if no more bytes arrive than these. */
  long allowed(long received) {
    if (minimum == 0) {
      return longest;
    }
    double nanos = GRACE + received / (double) minimum * SECOND;
    return nanos < longest ? (long) nanos : longest;
  }

  /**
   * Returns whether a body would take longer than {@code limit} if it went on as it did so far.
   *
   * @param expected the bytes of the whole body
   */
  static boolean wouldTakeLonger(long elapsed, long received, long expected, long limit) {
    return (double) elapsed * expected > (double) limit * received;
  }
}
