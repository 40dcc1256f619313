package dev.glimpse.pipeline;

import dev.glimpse.failure.ServingException;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.workers.Permit;
import dev.glimpse.workers.WorkerPool;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Executes requests: admits each, reads its body, parses it and works on it on a worker, and counts
 * it once. Any thread may call it; it does not block.
 */
public final class RequestExecutor {

  private final WorkerPool workers;
  private final RequestCounter counter;

  public RequestExecutor(WorkerPool workers, ServingMetrics metrics) {
    this.workers = workers;
    this.counter = new RequestCounter(metrics);
  }

  /** Works on a request that has been parsed. */
  @FunctionalInterface
  public interface Work<Q, A> {

    /** Starts the work, on a worker; it may finish later, on another thread. */
    CompletionStage<A> start(Q content, RequestContext context);
  }

  /**
   * Executes a request.
   *
   * @return fails with a {@link ServingException} if the request cannot be answered
   * @throws ServingException OVERLOADED or NOT_READY if the request is not admitted; its body has
   *     not been read then
   */
  public <Q, A> CompletionStage<A> execute(IncomingRequest<Q> request, Work<Q, A> work) {
    RequestContext context = admit(request);
    return readBody(request, context, context.permit()::clientGone)
        .thenCompose(body ->
            workers.submitAsync(
                context.permit(),
                permit -> {
                  Q content = request.parse(body.take());
                  return work.start(content, context.start());
                }))
        .whenComplete((result, failure) -> end(context, failure));
  }

  /**
   * Admits a request, for callers that do the rest themselves.
   *
   * @throws ServingException OVERLOADED or NOT_READY; the request has been counted then
   */
  public RequestContext admit(IncomingRequest<?> request) {
    try {
      return new RequestContext(
          request.id(),
          request.path(),
          request.position(),
          workers.admit(request.timeout()),
          workers,
          request.trace(),
          request::modelChosen);
    } catch (ServingException e) {
      counter.count(null, e);
      throw e;
    }
  }

  /** Reads an admitted request's body, and reserves its memory until the request has ended. */
  public CompletionStage<Body> readBody(
      IncomingRequest<?> request, RequestContext context, Runnable onDisconnect) {
    try {
      request.onDisconnect(onDisconnect);
      return request
          .body(progress(context.permit()))
          .thenApply(body -> {
            context.setBodyBytes(body.decompressed());
            context.permit().keep(body::close);
            return body;
          });
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private static BodyProgress progress(Permit permit) {
    return new BodyProgress() {
      @Override
      public void arrives() {
        permit.bodyArrives();
      }

      @Override
      public void waits() {
        permit.bodyWaits();
      }
    };
  }

  /** Releases what an admitted request still holds, and counts it. */
  private void end(RequestContext context, @Nullable Throwable failure) {
    context.permit().close();
    counter.count(context.modelIfKnown(), failure);
  }
}
