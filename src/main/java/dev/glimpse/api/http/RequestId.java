package dev.glimpse.api.http;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/**
 * Gives every request an id: the caller's {@code X-Request-ID} if it is well-formed, a new one
 * otherwise. It goes back in the same header and stands on every log line of the request.
 */
@ApplicationScoped
public class RequestId {

  /** The header, in and out. */
  public static final String HEADER = "X-Request-ID";

  /** The key in the log context: {@code %X{request_id}} in a log format. */
  public static final String LOG_KEY = "request_id";

  /** What other software makes of ids, and nothing that could break a log line or a header. */
  private static final Pattern WELL_FORMED = Pattern.compile("[A-Za-z0-9._:/+=@-]{1,128}");

  private static final int BEFORE_EVERYTHING = 10_000;

  void register(@Observes Filters filters) {
    filters.register(RequestId::assign, BEFORE_EVERYTHING);
  }

  /** The id of a request. */
  public static String of(RoutingContext context) {
    return Objects.requireNonNull(context.get(LOG_KEY), "every request has an id");
  }

  static void assign(RoutingContext context) {
    String given = context.request().getHeader(HEADER);
    String id = choose(given);
    if (!id.equals(given)) {
      context.request().headers().set(HEADER, id); // for a refusal of the rest of the request
    }
    context.put(LOG_KEY, id);
    context.response().putHeader(HEADER, id);
    MDC.put(LOG_KEY, id);
    context.next();
  }

  /** Returns the given id if it is well-formed, or else a new one. */
  public static String choose(@Nullable String given) {
    return given != null && WELL_FORMED.matcher(given).matches()
        ? given
        : UUID.randomUUID().toString();
  }
}
