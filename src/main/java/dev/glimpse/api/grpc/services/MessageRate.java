package dev.glimpse.api.grpc.services;

import dev.glimpse.api.access.RateFilter;
import io.vertx.core.Context;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Counts the messages of a stream against its caller's rate: all but the first one, which has been
 * counted with the call. Confined to the stream's event loop.
 */
final class MessageRate {

  private final RateFilter rates;
  private final RoutingContext context;
  private boolean begun;

  MessageRate(RateFilter rates, RoutingContext context) {
    this.rates = rates;
    this.context = context;
  }

  /**
   * Counts the next message.
   *
   * @return completed on the event loop, also if instances count together; fails with a {@link
   *     dev.glimpse.failure.ServingException} TOO_MANY_REQUESTS
   */
  CompletionStage<Void> next() {
    if (!begun) {
      begun = true;
      return CompletableFuture.completedStage(null);
    }
    CompletableFuture<Void> allowed = rates.takeMessage(context).toCompletableFuture();
    if (allowed.isDone()) {
      return allowed;
    }
    Context loop = context.vertx().getOrCreateContext();
    CompletableFuture<Void> onLoop = new CompletableFuture<>();
    var unused =
        allowed.whenComplete((ok, failure) ->
            loop.runOnContext(now -> {
              if (failure != null) {
                onLoop.completeExceptionally(failure);
              } else {
                onLoop.complete(null);
              }
            }));
    return onLoop;
  }
}
