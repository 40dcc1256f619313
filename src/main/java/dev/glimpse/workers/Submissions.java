package dev.glimpse.workers;

import dev.glimpse.failure.ServingException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * Puts the tasks of admitted requests into the workers' queues, and fails those that cannot be
 * queued, so that every request ends. Any thread may call it; it does not block.
 */
final class Submissions {

  private final WorkerThreads threads;
  private final AdmissionControl admission;
  private final Timers timers;
  private final LongTasks longTasks;

  Submissions(
      WorkerThreads threads, AdmissionControl admission, Timers timers, LongTasks longTasks) {
    this.threads = threads;
    this.admission = admission;
    this.timers = timers;
    this.longTasks = longTasks;
  }

  /** Submits a request's first task; its duration counts in the estimate for other requests. */
  <T> CompletableFuture<T> submit(Permit permit, AsyncTask<T> task) {
    return submit(
        permit,
        task,
        nanos -> {
          admission.shortEnded(nanos);
          longTasks.shortRequest();
        });
  }

  /**
   * Submits a task.
   *
   * @param tookShort receives for how long it has kept its worker, in nanoseconds, unless it was a
   *     long one
   */
  <T> CompletableFuture<T> submit(Permit permit, AsyncTask<T> task, LongConsumer tookShort) {
    QueuedTask<T> queued = new QueuedTask<>(threads, admission, timers, tookShort, permit, task);
    try {
      permit.submit(queued);
      enqueue(queued, permit);
    } catch (ServingException e) {
      queued.fail(e);
    }
    return queued.result();
  }

  private void enqueue(QueuedTask<?> queued, Permit permit) {
    try {
      queued.startTimer();
      threads.runLast(queued);
      if (queued.result().isDone()) { // cancelled before it was in the queue to be taken out of
        queued.leaveQueue();
      }
    } catch (RejectedExecutionException e) {
      permit.cancel(admission.closed());
    } catch (RuntimeException | Error e) { // such as OutOfMemoryError
      queued.result().completeExceptionally(e); // first, as it says more than what follows
      permit.cancel(admission.closed());
    }
  }

  /** Submits the rest of a task that has left its worker. */
  <T> CompletableFuture<T> resume(Permit permit, Supplier<CompletionStage<T>> work) {
    // The task itself counts only the time before it left its worker.
    ResumedTask<T> rest = new ResumedTask<>(threads, admission, permit, work, permit::addWork);
    try {
      threads.runLast(rest);
    } catch (RejectedExecutionException e) {
      rest.abandon(admission.closed());
    } catch (RuntimeException | Error e) { // such as OutOfMemoryError
      rest.result().completeExceptionally(e);
    }
    return rest.result();
  }

  /** Submits the rest of a task that takes about so many nanoseconds, as a long task. */
  <T> CompletableFuture<T> resumeLong(
      Permit permit, long nanos, Supplier<CompletionStage<T>> work) {
    return resumeLong(permit, nanos, work, longTasks::ended);
  }

  /** Submits one turn of a task; its duration does not count in the estimate. */
  <T> CompletableFuture<T> resumeTurn(
      Permit permit, long nanos, Supplier<CompletionStage<T>> work) {
    return resumeLong(permit, nanos, work, worked -> longTasks.ended(0));
  }

  private <T> CompletableFuture<T> resumeLong(
      Permit permit, long nanos, Supplier<CompletionStage<T>> work, LongConsumer worked) {
    ResumedTask<T> rest = new ResumedTask<>(threads, admission, permit, work, worked);
    try {
      longTasks.add(rest, nanos, permit);
    } catch (ServingException e) {
      rest.fail(e);
    }
    return rest.result();
  }
}
