package dev.glimpse.results;

import dev.glimpse.metrics.ResultMetrics;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Works on jobs, an image at a time, by {@link JobTurns}, and only while requests that wait for
 * their responses leave workers free. Confined to the {@link ResultsThread}.
 */
final class JobRunner {

  private static final Logger LOG = Logger.getLogger(JobRunner.class);

  /** How soon it looks again whether a worker is free. */
  static final Duration POLL = Duration.ofMillis(5);

  /** After which an image that could not be admitted is tried again. */
  static final Duration PAUSE = Duration.ofMillis(500);

  private final JobStore store;
  private final JobWork work;
  private final BooleanSupplier workerIsFree;
  private final int maxImages;
  private final ResultsThread thread;
  private final JobFinisher finisher;
  private final JobTurns turns;
  private int inFlight;
  private boolean looksAgain;
  private boolean stopped;

  /**
   * Says how much is done at a time.
   *
   * @param images how many images are worked on
   * @param bytes of the bodies of all jobs that are worked on, besides the largest
   * @param result the most bytes of a result; a job with more is finished with a problem
   */
  record Limits(int images, long bytes, long result) {}

  /**
   * Creates a runner that waits for {@link #run}.
   *
   * @param workerIsFree whether a worker may be taken now from requests that may come
   * @param onFinished is notified of each job that is finished
   */
  JobRunner(
      JobStore store,
      JobWork work,
      BooleanSupplier workerIsFree,
      Limits limits,
      ResultsThread thread,
      ResultMetrics metrics,
      Consumer<Job> onFinished) {
    this.store = store;
    this.work = work;
    this.workerIsFree = workerIsFree;
    this.maxImages = limits.images();
    this.thread = thread;
    this.finisher = new JobFinisher(store, work, limits.result(), thread, metrics, onFinished);
    this.turns = new JobTurns(store, work, limits.bytes(), finisher);
  }

  /** Looks for jobs of owners that have none at work, with the next image. */
  void look() {
    turns.look();
  }

  /** Starts as many images as may be worked on now, and sees to it that the others follow. */
  void run() {
    while (!stopped && inFlight < maxImages && workerIsFree.getAsBoolean()) {
      Optional<ActiveJob> next = turns.next();
      if (next.isEmpty()) {
        return;
      }
      start(next.get());
    }
    if (inFlight < maxImages && (store.mayHaveMore() || turns.hasOpen())) {
      lookAgain(POLL);
    }
  }

  private void lookAgain(Duration delay) {
    if (!looksAgain && !stopped) {
      looksAgain = true;
      thread.after(
          delay,
          () -> {
            looksAgain = false;
            run();
          });
    }
  }

  private void start(ActiveJob job) {
    int image = job.next();
    inFlight++;
    CompletionStage<StoredResponse> answer;
    try {
      answer = job.task(image).start();
    } catch (RuntimeException e) {
      answer = CompletableFuture.failedStage(e);
    } catch (Error e) { // such as for lack of memory: not to be met again and again
      answer = CompletableFuture.completedStage(work.failed(job.job(), e));
    }
    var unused =
        answer.whenComplete(
            (done, failure) -> thread.execute(() -> ended(job, image, done, failure)));
  }

  private void ended(
      ActiveJob job, int image, @Nullable StoredResponse answer, @Nullable Throwable failure) {
    inFlight--;
    job.ended();
    if (answer != null) {
      answered(job, image, answer);
      run();
    } else { // it was not admitted, or the workers stop
      LOG.debugf(
          failure, "An image of the job with request id %s is tried again", job.job().requestId());
      job.again(image);
      lookAgain(PAUSE);
    }
  }

  private void answered(ActiveJob job, int image, StoredResponse answer) {
    if (!turns.isActive(job)) {
      return; // it was deleted meanwhile
    }
    try {
      if (!store.answer(job.job().id(), image, answer)) {
        turns.remove(job);
        return;
      }
    } catch (RuntimeException e) {
      // Only a later process would need it, which works on the image again.
      LOG.warnf("The answer to an image of a job cannot be kept: %s", e.getMessage());
    }
    job.add(image, answer);
    if (job.isDone() || finisher.isTooLarge(job)) {
      turns.remove(job);
      finisher.finish(job);
    }
  }

  /** Stops to work on a job that was deleted; an image that has been started is worked on. */
  void forget(String id) {
    turns.forget(id);
  }

  /** Stops to work on jobs that are another instance's now. */
  void forgetAll(Set<String> ids) {
    ids.forEach(this::forget);
  }

  /** Starts no more images. */
  void stop() {
    stopped = true;
  }

  /** Gives back the jobs that are not finished. */
  void release() {
    turns.release();
  }

  /** Returns how many images are being worked on. */
  int inFlight() {
    return inFlight;
  }
}
