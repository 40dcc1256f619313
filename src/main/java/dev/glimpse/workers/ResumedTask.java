package dev.glimpse.workers;

import dev.glimpse.failure.AsyncFailures;
import dev.glimpse.failure.ServingException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/** Continues, on a worker, a task that has left its worker and still has its slot. */
final class ResumedTask<T> implements WorkerTask {

  private final WorkerThreads threads;
  private final AdmissionControl admission;
  private final Permit permit;
  private final Supplier<CompletionStage<T>> work;
  private final LongConsumer worked;
  private final CompletableFuture<T> result = new CompletableFuture<>();
  private volatile long started;

  /**
   * Creates a task.
   *
   * @param worked receives, before the result is completed, for how many nanoseconds a worker has
   *     worked on it; 0 if it was abandoned in the queue
   */
  ResumedTask(
      WorkerThreads threads,
      AdmissionControl admission,
      Permit permit,
      Supplier<CompletionStage<T>> work,
      LongConsumer worked) {
    this.threads = threads;
    this.admission = admission;
    this.permit = permit;
    this.work = work;
    this.worked = worked;
  }

  CompletableFuture<T> result() {
    return result;
  }

  @Override
  public long age() {
    return admission.now() - started;
  }

  @Override
  public void abandon(ServingException why) {
    fail(why);
    worked.accept(0);
  }

  /** Fails it, in place of running it. */
  void fail(Throwable why) {
    result.completeExceptionally(why);
  }

  @Override
  public void run() {
    CompletionStage<T> outcome;
    try {
      started = admission.now();
      threads.begin(this);
      outcome = permit.logContext().call(this::runWork);
    } catch (Throwable e) { // an Error too: the caller has to receive it, and the worker to survive
      outcome = CompletableFuture.failedFuture(e);
    }
    threads.end(this);
    worked.accept(age());
    var unused =
        outcome.whenComplete((value, failure) -> AsyncFailures.complete(result, value, failure));
  }

  private CompletionStage<T> runWork() {
    permit.throwIfCancelled();
    return work.get();
  }
}
