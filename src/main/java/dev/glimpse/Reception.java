package dev.glimpse;

import dev.glimpse.batch.Permit;
import dev.glimpse.batch.WorkerPool;
import dev.glimpse.failure.ServingException;
import dev.glimpse.metrics.ServingMetrics;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/** How every request is received: a place first, then what it asks, then the work; counted once. */
final class Reception {

  private final WorkerPool workers;
  private final ServingMetrics metrics;

  Reception(WorkerPool workers, ServingMetrics metrics) {
    this.workers = workers;
    this.metrics = metrics;
  }

  /** What is to be done on a worker. */
  @FunctionalInterface
  interface Work<Q, A> {

    /**
     * Begins it.
     *
     * @param asked is to hear which model the question is for
     * @param waited nanoseconds in the queue
     */
    CompletionStage<A> begin(Q question, Asked asked, Permit permit, long waited);
  }

  /** As {@link Classifier#classify} describes it, for any question. */
  <Q, A> CompletionStage<A> receive(
      String id,
      Duration patience,
      Function<Runnable, CompletionStage<Supplier<Q>>> asking,
      Work<Q, A> work) {
    Asked asked = new Asked(metrics, id);
    Permit permit;
    try {
      permit = workers.admit(patience);
    } catch (ServingException e) {
      asked.ended(e);
      throw e;
    }
    return read(asking, permit::clientGone)
        .thenCompose(question ->
            workers.submitStaged(
                permit, (wanted, waited) -> work.begin(question.get(), asked, wanted, waited)))
        .whenComplete((answer, failure) -> {
          permit.close();
          asked.ended(failure);
        });
  }

  static <T> CompletionStage<T> read(
      Function<Runnable, CompletionStage<T>> asking, Runnable clientGone) {
    try {
      return asking.apply(clientGone);
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedStage(e);
    }
  }
}
