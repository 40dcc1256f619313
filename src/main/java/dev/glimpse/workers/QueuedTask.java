package dev.glimpse.workers;

import dev.glimpse.failure.AsyncFailures;
import dev.glimpse.failure.ServingException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Runs a submitted task, and fails it for its caller when it takes too long. */
final class QueuedTask<T> implements WorkerTask, Permit.Submission {

  private final WorkerThreads threads;
  private final AdmissionControl admission;
  private final Timers timers;
  private final LongConsumer tookShort;
  private final Permit permit;
  private final AsyncTask<T> task;
  private final CompletableFuture<T> result = new CompletableFuture<>();
  private final long submitted;
  private volatile long started;
  private long worked;
  private volatile Runnable cancelTimer = () -> {};

  /**
   * Creates a task.
   *
   * @param tookShort receives how many nanoseconds the workers have worked on it, unless it was
   *     long
   */
  QueuedTask(
      WorkerThreads threads,
      AdmissionControl admission,
      Timers timers,
      LongConsumer tookShort,
      Permit permit,
      AsyncTask<T> task) {
    this.threads = threads;
    this.admission = admission;
    this.timers = timers;
    this.tookShort = tookShort;
    this.permit = permit;
    this.task = task;
    this.submitted = admission.now();
  }

  CompletableFuture<T> result() {
    return result;
  }

  @Override
  public long age() {
    return admission.now() - started;
  }

  @Override
  public void leaveQueue() {
    threads.remove(this);
  }

  @Override
  public void abandon(ServingException why) {
    permit.cancel(why);
  }

  @Override
  public void fail(ServingException why) {
    result.completeExceptionally(why);
    cancelTimer.run();
  }

  /** Fails the task in time for its caller, whatever the workers do. */
  void startTimer() {
    long left = permit.nanosLeft();
    if (permit.isWaiting()) {
      left = Math.min(left, queueTimeLeft());
    }
    cancelTimer = timers.after(left, this::onTimer);
    if (result.isDone()) { // meanwhile, and then nothing else would cancel this timer
      cancelTimer.run();
    }
  }

  private void onTimer() {
    if (permit.nanosLeft() <= 0) {
      permit.cancel(admission.deadlinePassed());
    } else if (permit.isWaiting() && queueTimeLeft() <= 0) {
      permit.cancel(admission.queueTimeoutPassed());
    } else if (!result.isDone()) {
      startTimerAgain();
    }
  }

  private void startTimerAgain() {
    try {
      startTimer();
    } catch (RejectedExecutionException e) {
      // The pool is closing, which ends every task that takes too long.
    }
  }

  private long queueTimeLeft() {
    return submitted + admission.queueTimeout() - admission.now();
  }

  @Override
  public void run() {
    if (!permit.start()) {
      return;
    }
    CompletionStage<T> outcome = null;
    Throwable failure = null;
    try {
      started = admission.now();
      permit.setQueueNanos(started - submitted);
      threads.begin(this);
      outcome = permit.logContext().call(this::runTask);
    } catch (Throwable e) { // an Error too: the caller has to receive it, and the worker to survive
      failure = e;
    } finally {
      leaveWorker(outcome, failure);
    }
  }

  private CompletionStage<T> runTask() {
    permit.throwIfCancelled();
    return task.run(permit);
  }

  /** Releases the slot and completes the result, now or later, whatever fails in here. */
  private void leaveWorker(@Nullable CompletionStage<T> outcome, @Nullable Throwable failure) {
    try {
      threads.end(this);
      worked = age();
    } finally {
      if (outcome == null) {
        finish(null, failure);
      } else {
        var unused = outcome.whenComplete(this::finish); // here and now, unless it finishes later
      }
    }
  }

  private void finish(@Nullable T value, @Nullable Throwable failure) {
    if (!permit.isLong()) {
      tookShort.accept(worked + permit.workElsewhere());
    }
    permit.finish();
    // Before the caller receives the result, so that it can send another request at once.
    cancelTimer.run();
    AsyncFailures.complete(result, value, failure == null ? null : AsyncFailures.cause(failure));
    cancelTimer.run(); // one that was started meanwhile
  }
}
