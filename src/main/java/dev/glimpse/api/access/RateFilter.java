package dev.glimpse.api.access;

import dev.glimpse.access.RateLimiter.Decision;
import dev.glimpse.access.RateLimits;
import dev.glimpse.api.http.RequestCaller;
import dev.glimpse.api.problem.ProblemWriter;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Context;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Answers with 429 when a caller asks more often than {@code glimpse.http.rate} or its key allows,
 * and tells every caller with a limit what is left of it. Probes are not counted. Does nothing
 * unless there are limits.
 */
@ApplicationScoped
public class RateFilter {

  /** After {@link AccessFilter}, which knows the caller. */
  private static final int AFTER_ACCESS = 190;

  private final RateLimits limits;
  private final RequiredRoles required;
  private final ClientAddress addresses;
  private final ProblemWriter problems;

  RateFilter(
      RateLimits limits, RequiredRoles required, ClientAddress addresses, ProblemWriter problems) {
    this.limits = limits;
    this.required = required;
    this.addresses = addresses;
    this.problems = problems;
  }

  void register(@Observes Filters filters) {
    if (limits.isOn()) {
      filters.register(this::check, AFTER_ACCESS);
    }
  }

  private void check(RoutingContext context) {
    if (required.isOpen(context.normalizedPath())) {
      context.next();
      return;
    }
    take(
        context,
        tooMany -> {
          if (tooMany.isEmpty()) {
            context.next();
          } else {
            problems.refuse(context, tooMany.get());
          }
        });
  }

  /**
   * Counts a request against its caller's limit, or that of its address if the caller is unknown,
   * and sets the response's headers.
   *
   * @param then receives why the request is refused, or nothing if it is not; on the request's
   *     event loop, at once unless the limit is shared with other instances
   */
  void take(RoutingContext context, Consumer<Optional<ServingException>> then) {
    CompletableFuture<Optional<Decision>> decision = decision(context).toCompletableFuture();
    if (decision.isDone()) {
      then.accept(decision.join().flatMap(known -> refusal(context, known)));
    } else {
      Context loop = context.vertx().getOrCreateContext();
      var unusedStage =
          decision.thenAccept(taken ->
              loop.runOnContext(
                  unused -> then.accept(taken.flatMap(known -> refusal(context, known)))));
    }
  }

  /**
   * Counts one more message of a call, whose first one has been counted with the call.
   *
   * @return fails with a {@link ServingException} TOO_MANY_REQUESTS; completed by any thread
   */
  public CompletionStage<Void> takeMessage(RoutingContext context) {
    return decision(context)
        .thenCompose(decision ->
            decision
                .filter(one -> !one.allowed())
                .map(one -> CompletableFuture.<Void>failedStage(tooMany(one)))
                .orElseGet(() -> CompletableFuture.completedStage(null)));
  }

  private CompletionStage<Optional<Decision>> decision(RoutingContext context) {
    return RequestCaller.of(context)
        .map(limits::take)
        .orElseGet(() -> limits.takeFrom(addresses.of(context.request())));
  }

  /** Sets the headers with the caller's limit; returns why the request is refused, if it is. */
  private static Optional<ServingException> refusal(RoutingContext context, Decision decision) {
    if (context.response().headWritten()) {
      return Optional.empty(); // the client has gone
    }
    context
        .response()
        .putHeader("RateLimit-Limit", Long.toString(decision.limit()))
        .putHeader("RateLimit-Remaining", Long.toString(decision.remaining()))
        .putHeader("RateLimit-Reset", Long.toString(decision.resetSeconds()));
    return decision.allowed() ? Optional.empty() : Optional.of(tooMany(decision));
  }

  private static ServingException tooMany(Decision decision) {
    int seconds = (int) decision.retrySeconds();
    return new ServingException(
        Failure.TOO_MANY_REQUESTS,
        "More requests than the limit allows; the next one may come in %d s.".formatted(seconds),
        seconds);
  }
}
