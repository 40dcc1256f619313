package dev.glimpse.api.http;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.failure.Failure;
import dev.glimpse.metrics.HttpTags;
import dev.glimpse.tracing.Arrival;
import dev.glimpse.tracing.RequestTrace;
import dev.glimpse.tracing.TraceContext;
import dev.glimpse.tracing.Tracing;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jspecify.annotations.Nullable;

/**
 * Follows each request in its caller's trace: on its log lines, to the workers, and into a span of
 * its own where spans are exported. Probes and what is below {@code /q} get no span.
 */
@ApplicationScoped
public class RequestTracing {

  /** After the request has an id. */
  private static final int AFTER_THE_ID = 9_000;

  private static final String KEY = "glimpse.trace";

  /** Where the framework's meters leave the endpoint's path. */
  private static final String TEMPLATE = "UrlPathTemplate";

  private final Tracing tracing;
  private final Probes probes;
  private boolean exported;

  RequestTracing(Tracing tracing, GlimpseConfig config) {
    this.tracing = tracing;
    this.probes = new Probes(config);
  }

  void register(@Observes Filters filters) {
    exported = tracing.isOn(); // asked at the start, so that the first request does not set it up
    filters.register(this::begin, AFTER_THE_ID);
  }

  /** Returns the trace of a request. */
  public static RequestTrace of(RoutingContext context) {
    RequestTrace trace = context.get(KEY);
    return trace == null ? RequestTrace.NONE : trace;
  }

  void begin(RoutingContext context) {
    HttpServerRequest request = context.request();
    String traceparent = request.getHeader(TraceContext.TRACEPARENT);
    if (traceparent != null || exported) {
      begin(context, request, traceparent);
    }
    context.next();
  }

  private void begin(
      RoutingContext context, HttpServerRequest request, @Nullable String traceparent) {
    String path = context.normalizedPath();
    RequestTrace trace =
        tracing.begin(
            new Arrival(
                HttpTags.method(request.method().name()),
                path,
                request.isSSL(),
                RequestId.of(context)),
            only(request, traceparent),
            request.headers().getAll(TraceContext.TRACESTATE),
            !probes.contain(path));
    TraceContext own = trace.context();
    if (own != null) {
      context.put(KEY, trace);
      own.log();
      context.addEndHandler(ended -> end(context, trace, GrpcExchange.isAnswered(context, ended)));
    }
  }

  /** Several headers are as none. */
  private static @Nullable String only(HttpServerRequest request, @Nullable String traceparent) {
    return request.headers().getAll(TraceContext.TRACEPARENT).size() == 1 ? traceparent : null;
  }

  private static void end(RoutingContext context, RequestTrace trace, boolean answered) {
    if (!answered) {
      trace.failed(Failure.CLIENT_GONE.code());
    }
    trace.end(
        answered ? context.response().getStatusCode() : Failure.CLIENT_GONE.status(),
        route(context.request()));
  }

  private static @Nullable String route(HttpServerRequest request) {
    return request instanceof HttpServerRequestInternal known
        ? known.context().getLocal(TEMPLATE)
        : null;
  }
}
