package dev.glimpse.api.http;

import java.util.concurrent.TimeUnit;

/**
 * Defines how fast a body has to arrive. All times are nanoseconds since its first byte was allowed
 * to arrive.
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

  /** Returns the time of the next check, if no more bytes arrive than these. */
  long allowed(long received) {
    if (minimum == 0) {
      return longest;
    }
    double nanos = GRACE + received / (double) minimum * SECOND;
    return nanos < longest ? (long) nanos : longest;
  }

  /** Returns how many bytes of a body have to arrive each second so that all arrive in time. */
  long perSecond(long bodyBytes) {
    return Math.max((long) Math.ceil(bodyBytes / (longest / SECOND)), Math.max(minimum, 1));
  }
}
