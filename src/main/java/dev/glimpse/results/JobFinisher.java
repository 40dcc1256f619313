package dev.glimpse.results;

import dev.glimpse.metrics.ResultMetrics;
import java.time.Duration;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Puts the answers to a job's images together, and keeps them. Confined to a {@link ResultsThread}.
 */
final class JobFinisher {

  private static final Logger LOG = Logger.getLogger(JobFinisher.class);

  /** After which a result that could not be kept is tried again. */
  static final Duration PAUSE = Duration.ofMillis(500);

  private final JobStore store;
  private final JobWork work;
  private final long maxResult;
  private final ResultsThread thread;
  private final ResultMetrics metrics;
  private final Consumer<Job> onFinished;

  /**
   * Creates it.
   *
   * @param maxResult the most bytes of a result; a job with more is finished with a problem
   * @param onFinished is notified of each job that is finished
   */
  JobFinisher(
      JobStore store,
      JobWork work,
      long maxResult,
      ResultsThread thread,
      ResultMetrics metrics,
      Consumer<Job> onFinished) {
    this.store = store;
    this.work = work;
    this.maxResult = maxResult;
    this.thread = thread;
    this.metrics = metrics;
    this.onFinished = onFinished;
  }

  /** Returns whether the answers so far are more than a result may be. */
  boolean isTooLarge(ActiveJob job) {
    return job.bytes() > maxResult;
  }

  /** Finishes a job whose images are all answered, or whose result is too large. */
  void finish(ActiveJob job) {
    StoredResponse whole;
    try {
      if (isTooLarge(job)) {
        throw ResultSize.tooLarge(maxResult);
      }
      whole = work.whole(job.job(), job.all());
    } catch (RuntimeException | Error e) { // such as for lack of memory
      whole = work.failed(job.job(), e);
    }
    finish(job.job(), whole);
  }

  /** Keeps a job's result; tries it again until that succeeds. */
  void finish(Job job, StoredResponse whole) {
    try {
      if (!store.finish(job, whole)) {
        return;
      }
    } catch (RuntimeException | Error e) {
      LOG.warnf("A result cannot be kept, which is tried again: %s", e.getMessage());
      thread.after(PAUSE, () -> finish(job, whole));
      return;
    }
    metrics.finished(whole.status() < 400);
    notifyOf(job);
  }

  /** The result is kept: what fails now must not finish it again. */
  private void notifyOf(Job job) {
    try {
      onFinished.accept(job);
    } catch (RuntimeException e) { // the next tick does the same
      LOG.warnf("A result that was kept is sent later: %s", e.getMessage());
    }
  }
}
