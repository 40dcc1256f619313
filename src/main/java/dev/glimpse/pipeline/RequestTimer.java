package dev.glimpse.pipeline;

import dev.glimpse.metrics.Timing;
import dev.glimpse.model.ImageScores;
import java.util.function.LongSupplier;

/**
 * Measures a request, from its submission to the queue on. One thread at a time uses it, and hands
 * it on together with the request.
 */
public final class RequestTimer {

  private final LongSupplier clock;
  private long queueNanos;
  private long submitted;

  RequestTimer(LongSupplier clock) {
    this.clock = clock;
  }

  /**
   * Starts it, with the time that the request has waited already.
   *
   * @param queued nanoseconds
   */
  void start(long queued) {
    queueNanos = queued;
    submitted = clock.getAsLong() - queued;
  }

  /** Counts all the time until now as waiting: the request continues only now. */
  void endWait() {
    queueNanos = totalNanos();
  }

  /** Returns a timer for another image of the same request, whose work starts now. */
  public RequestTimer restarted() {
    RequestTimer other = new RequestTimer(clock);
    other.start(queueNanos);
    return other;
  }

  /** Returns how long the request has waited in the queue. */
  public long queueNanos() {
    return queueNanos;
  }

  /** Returns how long the request has taken until now. */
  public long totalNanos() {
    return clock.getAsLong() - submitted;
  }

  /** Returns the time until now, with the steps of an image that was classified. */
  public Timing timing(ImageScores scores) {
    return new Timing(
        queueNanos + scores.batchQueueNanos(),
        scores.decodeNanos(),
        scores.preprocessNanos(),
        scores.inferenceNanos(),
        totalNanos());
  }

  /** Returns the time until now, for an image whose result was in the cache. */
  public Timing cached() {
    return timing(0, 0, 0);
  }

  /** Returns the time until now, with steps of so many nanoseconds. */
  public Timing timing(long decode, long preprocess, long inference) {
    return new Timing(queueNanos, decode, preprocess, inference, totalNanos());
  }
}
