package dev.glimpse.workers;

import dev.glimpse.failure.ServingException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Continues, on a worker, a task that has left its worker and still has its slot. */
final class ResumedTask<T> implements Job {

  private final WorkerThreads threads;
  private final AdmissionControl admission;
  private final Permit permit;
  private final Supplier<CompletionStage<T>> work;
  private final CompletableFuture<T> result = new CompletableFuture<>();
  private volatile long started;

  ResumedTask(
      WorkerThreads threads,
      AdmissionControl admission,
      Permit permit,
      Supplier<CompletionStage<T>> work) {
    this.threads = threads;
    this.admission = admission;
    this.permit = permit;
    this.work = work;
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
    permit.addWork(age()); // the task itself counts only the time before it left its worker
    var unused =
        outcome.whenComplete((value, failure) -> {
          if (failure == null) {
            result.complete(value);
          } else {
            result.completeExceptionally(failure);
          }
        });
  }

  private CompletionStage<T> runWork() {
    permit.throwIfCancelled();
    return work.get();
  }
}
