package dev.glimpse.results;

import dev.glimpse.metrics.ResultMetrics;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Puts the answers to a job's images together, and keeps them. Confined to a {@link ResultsThread}.
 */
final class JobFinisher {

  private static final Logger LOG = Logger.getLogger(JobFinisher.class);

  /** After which a result that could not be kept is tried again; twice as long each time. */
  static final Duration PAUSE = Duration.ofMillis(500);

  static final Duration LAST_PAUSE = Duration.ofSeconds(30);

  private final JobStore store;
  private final JobWork work;
  private final long maxResult;
  private final ResultsThread thread;
  private final ResultMetrics metrics;
  private final Consumer<Job> onFinished;

  private record Result(Job job, StoredResponse whole) {}

  /** Those that could not be kept. */
  private final Deque<Result> unkept = new ArrayDeque<>();

  private Duration pause = PAUSE;
  private boolean retries;

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
    if (!isKept(new Result(job, whole))) {
      unkept.add(new Result(job, whole));
      retryLater();
    }
  }

  /** Returns whether it may be forgotten here. */
  private boolean isKept(Result result) {
    try {
      if (!store.finish(result.job(), result.whole())) {
        return true;
      }
    } catch (RuntimeException | Error e) {
      LOG.logf(
          pause.equals(PAUSE) ? Logger.Level.WARN : Logger.Level.DEBUG,
          "A result cannot be kept, which is tried again: %s",
          e.getMessage());
      return false;
    }
    metrics.finished(result.whole().status() < 400);
    notifyOf(result.job());
    return true;
  }

  private void retryLater() {
    if (!retries) {
      retries = true;
      thread.after(pause, this::retry);
    }
  }

  /** Tries the results again up to the first that fails, which comes after the others then. */
  private void retry() {
    retries = false;
    boolean some = false;
    for (int i = unkept.size(); i > 0; i--) {
      Result result = unkept.remove();
      if (!isKept(result)) {
        unkept.add(result);
        break;
      }
      some = true;
    }
    pause = some ? PAUSE : pause.multipliedBy(2);
    pause = pause.compareTo(LAST_PAUSE) > 0 ? LAST_PAUSE : pause;
    if (!unkept.isEmpty()) {
      retryLater();
    }
  }

  /** Returns whether results wait to be kept: until then, no further job should be begun. */
  boolean hasUnkept() {
    return !unkept.isEmpty();
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
