package dev.glimpse.pipeline;

import dev.glimpse.Classifier;
import dev.glimpse.failure.ServingException;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.workers.Permit;
import dev.glimpse.workers.WorkerPool;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** How every request is received: a place first, then what it asks, then the work; counted once. */
public final class RequestExecutor {

  private final WorkerPool workers;
  private final ServingMetrics metrics;

  public RequestExecutor(WorkerPool workers, ServingMetrics metrics) {
    this.workers = workers;
    this.metrics = metrics;
  }

  /** What is to be done on a worker. */
  @FunctionalInterface
  public interface Work<Q, A> {

    /**
     * Begins it.
     *
     * @param asked is to hear which model the question is for
     * @param waited nanoseconds in the queue
     */
    CompletionStage<A> begin(Q question, RequestContext asked, Permit permit, long waited);
  }

  /** As {@link Classifier#classify} describes it, for any question. */
  public <Q, A> CompletionStage<A> receive(IncomingRequest<Q> request, Work<Q, A> work) {
    RequestContext asked = new RequestContext(metrics, request.id());
    Permit permit;
    try {
      permit = workers.admit(request.timeout());
    } catch (ServingException e) {
      asked.ended(e);
      throw e;
    }
    return read(request, permit::clientGone)
        .thenCompose(body ->
            workers.submitStaged(
                permit, (wanted, waited) -> work.begin(request.parse(body), asked, wanted, waited)))
        .whenComplete((answer, failure) -> {
          permit.close();
          asked.ended(failure);
        });
  }

  public static CompletionStage<byte[]> read(IncomingRequest<?> request, Runnable clientGone) {
    try {
      request.onDisconnect(clientGone);
      return request.body();
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedStage(e);
    }
  }
}
