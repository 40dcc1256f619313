package dev.glimpse.workers;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How fast the workers are: the mean time that a request keeps one, the latest counting most (an
 * exponentially weighted moving average). Any thread may add and ask; nobody waits.
 */
final class ServiceTimeEstimate {

  /** A request counts an eighth; one of 20 requests before, a hundredth. */
  private static final int WEIGHT = 8;

  private static final int MAX_SECONDS = 60;

  private final int workers;
  private final AtomicLong mean = new AtomicLong();

  ServiceTimeEstimate(int workers) {
    this.workers = workers;
  }

  /** Adds a request that kept a worker for so many nanoseconds. */
  void add(long nanos) {
    mean.updateAndGet(before -> before == 0 ? nanos : before + (nanos - before) / WEIGHT);
  }

  /**
   * Nanoseconds that a request has to expect to wait.
   *
   * @param ahead requests that run or wait before it
   */
  long waitBehind(int ahead) {
    return ahead < workers ? 0 : (ahead - workers + 1) * mean.get() / workers;
  }

  /** Seconds until so many requests are done with, 1 to 60: when it is worth coming again. */
  int secondsFor(int requests) {
    long nanos = requests * mean.get() / workers;
    long seconds = (nanos + TimeUnit.SECONDS.toNanos(1) - 1) / TimeUnit.SECONDS.toNanos(1);
    return (int) Math.min(Math.max(seconds, 1), MAX_SECONDS);
  }
}
