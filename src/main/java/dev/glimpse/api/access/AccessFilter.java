package dev.glimpse.api.access;

import dev.glimpse.access.Authenticator;
import dev.glimpse.access.Caller;
import dev.glimpse.access.Role;
import dev.glimpse.api.http.RequestCaller;
import dev.glimpse.api.problem.ProblemWriter;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.quarkus.vertx.http.runtime.security.SecurityHandlerPriorities;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Asks each request for a key or a token, and its caller for a role, before an endpoint sees it and
 * before its body is read. Does nothing unless {@code glimpse.auth} is set.
 */
@ApplicationScoped
public class AccessFilter {

  /** After the answers to browsers' preflights, which carry no credentials. */
  private static final int AFTER_CORS = SecurityHandlerPriorities.AUTHENTICATION;

  /** Threads that verify tokens: a flood of forged ones takes no more of the machine. */
  private static final int TOKEN_THREADS = 2;

  private final Authenticator authenticator;
  private final RequiredRoles required;
  private final RateFilter rates;
  private final ProblemWriter problems;
  private final Vertx vertx;
  private final ClientAddress addresses;
  private final PendingTokens pending = new PendingTokens();
  private @Nullable WorkerExecutor tokenThreads;

  AccessFilter(
      Authenticator authenticator,
      RequiredRoles required,
      RateFilter rates,
      ClientAddress addresses,
      ProblemWriter problems,
      Vertx vertx) {
    this.authenticator = authenticator;
    this.required = required;
    this.rates = rates;
    this.problems = problems;
    this.vertx = vertx;
    this.addresses = addresses;
  }

  void register(@Observes Filters filters) {
    if (authenticator.isOn()) {
      filters.register(this::check, AFTER_CORS);
    }
  }

  private void check(RoutingContext context) {
    if (required.needsNoKey(context.normalizedPath())) {
      context.next();
      return;
    }
    try {
      identify(context);
    } catch (ServingException e) {
      refuse(context, e);
    }
  }

  private void identify(RoutingContext context) {
    String credential =
        Credential.of(context.request().headers())
            .orElseThrow(() ->
                new ServingException(
                    Failure.UNAUTHORIZED,
                    "Send a key as Authorization: Bearer … or as X-API-Key."));
    if (authenticator.isToken(credential)) {
      verify(context, credential);
    } else {
      admit(
          context,
          authenticator
              .withKey(credential)
              .orElseThrow(() ->
                  new ServingException(
                      Failure.UNAUTHORIZED, "The key is not known; it may have been revoked.")));
    }
  }

  private void verify(RoutingContext context, String token) {
    String address = addresses.of(context.request());
    pending.begin(address);
    tokenThreads()
        .executeBlocking(() -> authenticator.withToken(token), false)
        .onComplete(verified -> pending.end(address))
        .onSuccess(caller -> admit(context, caller))
        .onFailure(e -> refuse(context, e));
  }

  private synchronized WorkerExecutor tokenThreads() {
    if (tokenThreads == null) {
      tokenThreads = vertx.createSharedWorkerExecutor("tokens", TOKEN_THREADS);
    }
    return tokenThreads;
  }

  private void admit(RoutingContext context, Caller caller) {
    RequestCaller.set(context, caller);
    Set<Role> roles = required.of(context.normalizedPath());
    if (roles.stream().anyMatch(caller::may)) {
      context.next();
    } else {
      refuse(
          context,
          new ServingException(
              Failure.FORBIDDEN,
              "This needs the role %s, which the key or token does not have."
                  .formatted(
                      roles.stream()
                          .map(Role::word)
                          .sorted()
                          .collect(Collectors.joining(" or ")))));
    }
  }

  /** Counts against the limits, too: who guesses keys gets 429 after a while. */
  private void refuse(RoutingContext context, Throwable why) {
    rates.take(
        context,
        tooMany -> problems.refuse(context, tooMany.map(Throwable.class::cast).orElse(why)));
  }
}
