package dev.glimpse.results;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.metrics.ResultMetrics;
import dev.glimpse.results.JobStore.Taken;
import dev.glimpse.results.JobWork.ImageTask;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Works on jobs, in the order of their acceptance, an image at a time, and only while requests that
 * wait for their responses leave workers free. Confined to the {@link ResultsThread}.
 */
final class JobRunner {

  private static final Logger LOG = Logger.getLogger(JobRunner.class);

  /** How soon it looks again whether a worker is free. */
  static final Duration POLL = Duration.ofMillis(5);

  /** After which an image that could not be admitted, or a result not kept, is tried again. */
  static final Duration PAUSE = Duration.ofMillis(500);

  /** As often a job is begun without an image of it being answered. */
  static final int MAX_TAKINGS = 3;

  /** A job that is being worked on. */
  private static final class Active {

    private final Job job;
    private final List<ImageTask> tasks;
    private final @Nullable StoredResponse[] answers;
    private final Deque<Integer> open = new ArrayDeque<>();
    private int left;
    private long bytes;

    Active(Taken taken, List<ImageTask> tasks) {
      this.job = taken.job();
      this.tasks = tasks;
      this.answers = new StoredResponse[tasks.size()];
      for (int i = 0; i < tasks.size(); i++) {
        StoredResponse known = taken.answered().get(i);
        if (known == null) {
          open.add(i);
          left++;
        } else {
          answers[i] = known;
          bytes += known.body().length;
        }
      }
    }

    void add(int image, StoredResponse answer) {
      answers[image] = answer;
      bytes += answer.body().length;
      left--;
    }

    List<StoredResponse> all() {
      List<StoredResponse> all = new ArrayList<>();
      for (StoredResponse answer : answers) {
        all.add(Objects.requireNonNull(answer, "every image is answered"));
      }
      return all;
    }
  }

  private final JobStore store;
  private final JobWork work;
  private final BooleanSupplier workerIsFree;
  private final int maxImages;
  private final long maxResult;
  private final ResultsThread thread;
  private final ResultMetrics metrics;
  private final Consumer<Job> onFinished;
  private final List<Active> active = new ArrayList<>();
  private int inFlight;
  private boolean looksAgain;
  private boolean stopped;

  /**
   * Creates a runner that waits for {@link #run}.
   *
   * @param workerIsFree whether a worker may be taken now from requests that may come
   * @param maxImages how many images are worked on at a time
   * @param maxResult the most bytes of a result; a job with more is finished with a problem
   * @param onFinished is notified of each job that is finished
   */
  JobRunner(
      JobStore store,
      JobWork work,
      BooleanSupplier workerIsFree,
      int maxImages,
      long maxResult,
      ResultsThread thread,
      ResultMetrics metrics,
      Consumer<Job> onFinished) {
    this.store = store;
    this.work = work;
    this.workerIsFree = workerIsFree;
    this.maxImages = maxImages;
    this.maxResult = maxResult;
    this.thread = thread;
    this.metrics = metrics;
    this.onFinished = onFinished;
  }

  /** Starts as many images as may be worked on now, and sees to it that the others follow. */
  void run() {
    while (!stopped && inFlight < maxImages && workerIsFree.getAsBoolean()) {
      Optional<Active> next = next();
      if (next.isEmpty()) {
        return;
      }
      start(next.get());
    }
    if (inFlight < maxImages
        && (store.mayHaveMore() || active.stream().anyMatch(job -> !job.open.isEmpty()))) {
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

  /** Returns a job with an image that was not started. */
  private Optional<Active> next() {
    while (true) {
      Optional<Active> begun = active.stream().filter(job -> !job.open.isEmpty()).findFirst();
      if (begun.isPresent()) {
        return begun;
      }
      try {
        Optional<Taken> taken = store.take();
        if (taken.isEmpty()) {
          return Optional.empty();
        }
        open(taken.get());
      } catch (UnreadableJobException e) { // which holds up no other job
        LOG.errorf("A job cannot be read, and is finished with a problem: %s", e.getMessage());
        finish(e.job(), work.failed(e.job(), e));
      }
    }
  }

  private void open(Taken taken) {
    if (taken.takings() > MAX_TAKINGS) { // working on it may be what ends the process
      finish(taken.job(), work.failed(taken.job(), takenTooOften()));
      return;
    }
    try {
      Active job = new Active(taken, work.open(taken.job(), taken.body()));
      if (job.left == 0) { // all was answered, and the process ended before it was put together
        finish(job);
      } else {
        active.add(job);
      }
    } catch (RuntimeException | Error e) {
      finish(taken.job(), work.failed(taken.job(), e));
    }
  }

  private static ServingException takenTooOften() {
    return new ServingException(
        Failure.INTERNAL,
        "The service has ended %d times while it worked on this request, so it is not tried again."
            .formatted(MAX_TAKINGS));
  }

  private void start(Active job) {
    int image = job.open.remove();
    inFlight++;
    CompletionStage<StoredResponse> answer;
    try {
      answer = job.tasks.get(image).start();
    } catch (RuntimeException e) {
      answer = CompletableFuture.failedStage(e);
    } catch (Error e) { // such as for lack of memory: not to be met again and again
      answer = CompletableFuture.completedStage(work.failed(job.job, e));
    }
    var unused =
        answer.whenComplete(
            (done, failure) -> thread.execute(() -> ended(job, image, done, failure)));
  }

  private void ended(
      Active job, int image, @Nullable StoredResponse answer, @Nullable Throwable failure) {
    inFlight--;
    if (answer != null) {
      answered(job, image, answer);
      run();
    } else { // it was not admitted, or the workers stop
      LOG.debugf(
          failure, "An image of the job with request id %s is tried again", job.job.requestId());
      job.open.addFirst(image);
      lookAgain(PAUSE);
    }
  }

  private void answered(Active job, int image, StoredResponse answer) {
    if (!active.contains(job)) {
      return; // it was deleted meanwhile
    }
    try {
      if (!store.answer(job.job.id(), image, answer)) {
        active.remove(job);
        return;
      }
    } catch (RuntimeException e) {
      // Only a later process would need it, which works on the image again.
      LOG.warnf("The answer to an image of a job cannot be kept: %s", e.getMessage());
    }
    job.add(image, answer);
    if (job.left == 0 || job.bytes > maxResult) {
      active.remove(job);
      finish(job);
    }
  }

  private void finish(Active job) {
    StoredResponse whole;
    try {
      if (job.bytes > maxResult) {
        throw ResultSize.tooLarge(maxResult);
      }
      whole = work.whole(job.job, job.all());
    } catch (RuntimeException | Error e) { // such as for lack of memory
      whole = work.failed(job.job, e);
    }
    finish(job.job, whole);
  }

  private void finish(Job job, StoredResponse whole) {
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

  /** Stops to work on a job that was deleted; an image that has been started is worked on. */
  void forget(String id) {
    active.removeIf(job -> job.job.id().equals(id));
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
    active.forEach(job -> store.release(job.job.id()));
    active.clear();
  }

  /** Returns how many images are being worked on. */
  int inFlight() {
    return inFlight;
  }
}
