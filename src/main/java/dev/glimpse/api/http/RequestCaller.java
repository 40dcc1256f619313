package dev.glimpse.api.http;

import dev.glimpse.access.Caller;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** Keeps who has sent a request, where requests need a key or a token. */
public final class RequestCaller {

  private static final String KEY = "glimpse.caller";

  private RequestCaller() {}

  /** Notes who has sent a request, once that is known. */
  public static void set(RoutingContext context, Caller caller) {
    context.put(KEY, caller);
    RequestLog.caller(context, caller.name());
  }

  /** Returns who has sent a request; empty if everyone may. */
  public static Optional<Caller> of(RoutingContext context) {
    return Optional.ofNullable(context.get(KEY));
  }
}
