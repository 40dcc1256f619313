package dev.glimpse.api.http;

import java.util.concurrent.TimeUnit;

/**
 * Measures how long a body could arrive, and whether it keeps up with what its memory is worth. It
 * stands still while the connection is paused, because the body cannot arrive then. The body's
 * event loop writes it; any thread may read it.
 */
final class BodyClock {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long STALLED = TimeUnit.MILLISECONDS.toNanos(250);

  private final BodyRate rate;
  private long announced;

  /** How long bytes could arrive before the connection was last paused. */
  private volatile long before;

  /** When bytes could arrive again. */
  private volatile long resumed;

  /** When the body last made a second's progress. */
  private volatile long progressed;

  /** When a byte last arrived, or could begin to. */
  private volatile long latest;

  private volatile long received;
  private long target;

  /**
   * Creates a clock that stands still.
   *
   * @param announced the body's bytes; below 0 if they are not known
   */
  BodyClock(BodyRate rate, long announced) {
    this.rate = rate;
    this.announced = announced;
  }

  /** Sets how many bytes the body has, where only its first ones say so. */
  void announce(long bytes) {
    announced = bytes;
  }

  /** Starts or continues, because bytes may arrive. */
  void start() {
    resumed = System.nanoTime();
    latest = resumed;
    aim();
  }

  /** Stands still from now on. */
  void stop() {
    before = elapsed();
  }

  /** Counts bytes that have arrived. */
  void add(int bytes) {
    long now = received + bytes;
    received = now;
    latest = System.nanoTime();
    if (now >= target) {
      aim();
    }
  }

  /** Does not count the time since the body last made progress, because the service was slow. */
  void excuse() {
    progressed = System.nanoTime();
    latest = progressed;
  }

  /** Returns the bytes that have arrived. */
  long received() {
    return received;
  }

  /** Returns for how many nanoseconds bytes could arrive; call it while the clock runs. */
  long elapsed() {
    return before + System.nanoTime() - resumed;
  }

  /** Returns the milliseconds of {@link #elapsed}. */
  long millis() {
    return TimeUnit.NANOSECONDS.toMillis(elapsed());
  }

  /**
   * Returns whether the body has taken longer than a second for what has to arrive in one, if the
   * whole body is to arrive in time.
   */
  boolean isBehind() {
    return System.nanoTime() - progressed > SECOND;
  }

  /** Returns whether no byte has arrived for a quarter of a second. */
  boolean isStalled() {
    return System.nanoTime() - latest > STALLED;
  }

  private void aim() {
    progressed = System.nanoTime();
    long whole = Math.max(announced, received);
    long next = received + rate.perSecond(whole);
    target = announced < 0 ? next : Math.min(next, announced);
  }
}
