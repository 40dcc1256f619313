package dev.glimpse.access;

import java.util.concurrent.CompletionStage;

/**
 * Counts requests against rates: a bucket that holds as many requests as may come within a period,
 * and fills up evenly. For many threads at once.
 */
public interface RateLimiter {

  /**
   * Says whether a request is allowed, and what is left of its limit.
   *
   * @param allowed whether there was one left
   * @param limit the requests that may come within the rate's period
   * @param remaining how many more may come at once
   * @param resetSeconds after which the bucket is full again, rounded up
   * @param retrySeconds after which the next may come, rounded up, 1 or more; 0 if allowed
   */
  record Decision(
      boolean allowed, long limit, long remaining, long resetSeconds, long retrySeconds) {

    private static final double NANOS = 1e9;

    /**
     * Derives a decision from the time by which the bucket will be full again, which is all that
     * has to be remembered of it (the generic cell rate algorithm).
     *
     * @param allowed whether the request is counted in it
     * @param ahead nanoseconds until the bucket is full
     */
    static Decision of(boolean allowed, long ahead, Rate rate) {
      long free = rate.period().toNanos() - ahead;
      return new Decision(
          allowed,
          rate.requests(),
          Math.max(0, free / rate.interval()),
          seconds(ahead),
          allowed ? 0 : Math.max(1, seconds(rate.interval() - free)));
    }

    private static long seconds(long nanos) {
      return (long) Math.ceil(nanos / NANOS);
    }
  }

  /**
   * Takes a request from a bucket, if there is one left.
   *
   * @param bucket whose requests are counted together
   * @return never fails
   */
  CompletionStage<Decision> take(String bucket, Rate rate);
}
