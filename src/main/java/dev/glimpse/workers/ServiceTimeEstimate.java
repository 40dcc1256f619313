package dev.glimpse.workers;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Estimates how long requests of a kind keep a worker: an exponentially weighted moving average.
 * Any thread may call it; it does not block.
 */
final class ServiceTimeEstimate {

  /** The latest request counts an eighth; one of 20 requests before, a hundredth. */
  private static final int WEIGHT = 8;

  private static final int MAX_SECONDS = 60;

  private final AtomicLong mean = new AtomicLong();

  /** Adds a request that kept a worker for so many nanoseconds. */
  void add(long nanos) {
    mean.updateAndGet(before -> before == 0 ? nanos : before + (nanos - before) / WEIGHT);
  }

  /**
   * Returns the expected wait of a request, in nanoseconds.
   *
   * @param ahead requests that run or wait before it
   * @param workers those that work on these
   */
  long waitBehind(int ahead, int workers) {
    return ahead < workers ? 0 : (ahead - workers + 1) * mean.get() / workers;
  }

  /** Returns the nanoseconds that one worker needs for so many requests. */
  long workFor(int requests) {
    return requests * mean.get();
  }

  /** Rounds nanoseconds up to seconds, 1 to 60: when to retry. */
  static int seconds(long nanos) {
    long seconds = (nanos + TimeUnit.SECONDS.toNanos(1) - 1) / TimeUnit.SECONDS.toNanos(1);
    return (int) Math.min(Math.max(seconds, 1), MAX_SECONDS);
  }
}
