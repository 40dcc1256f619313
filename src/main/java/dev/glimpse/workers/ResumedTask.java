package dev.glimpse.workers;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jboss.logging.MDC;

/** The rest of a task that has left its worker: it comes back to one, with the place it has. */
final class ResumedTask<T> implements Job {

  private final WorkerPool pool;
  private final AdmissionControl admission;
  private final Permit permit;
  private final Supplier<CompletionStage<T>> work;
  private final CompletableFuture<T> result = new CompletableFuture<>();
  private volatile long started;

  ResumedTask(
      WorkerPool pool,
      AdmissionControl admission,
      Permit permit,
      Supplier<CompletionStage<T>> work) {
    this.pool = pool;
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
  public void abandon() {
    result.completeExceptionally(admission.closed());
  }

  @Override
  public void run() {
    Map<String, Object> logContext = permit.logContext();
    CompletionStage<T> outcome;
    try {
      started = admission.now();
      pool.begin(this);
      logContext.forEach(MDC::put);
      permit.requireWanted();
      outcome = work.get();
    } catch (Throwable e) { // an Error too: the caller is to hear of it, and the worker lives on
      outcome = CompletableFuture.failedFuture(e);
    }
    logContext.keySet().forEach(MDC::remove);
    pool.end(this);
    permit.workedFor(age()); // the turn counts only what came before it left its worker
    outcome.whenComplete((value, failure) -> {
      if (failure == null) {
        result.complete(value);
      } else {
        result.completeExceptionally(failure);
      }
    });
  }
}
