package dev.glimpse.api.http;

import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.regex.Pattern;

/**
 * Answers Prometheus in the format of OpenMetrics, which names traces, where it asks for that
 * first. Quarkus' own route answers in the older format whenever a header names that at all, as
 * Prometheus's does.
 */
@ApplicationScoped
@SuppressWarnings("deprecation") // the client that the framework comes with
public class MetricsFormat {

  private static final String PATH = "/q/metrics";
  private static final int AFTER_ACCESS = 1;
  private static final String OPEN_METRICS = "application/openmetrics-text";
  private static final String TEXT = "text/plain";

  /**
   * Micrometer repeats a bucket's trace at the histogram's count, where Prometheus 2.42 does not
   * accept it: it would take none of the metrics.
   */
  private static final Pattern TRACED_COUNT =
      Pattern.compile(
          "(?m)^(\\w+_count[{ ].*) # \\{span_id=\"\\w+\",trace_id=\"\\w+\"} \\S+ \\S+$");

  private final PrometheusMeterRegistry registry;

  MetricsFormat(PrometheusMeterRegistry registry) {
    this.registry = registry;
  }

  void register(@Observes Filters filters) {
    filters.register(this::answer, AFTER_ACCESS);
  }

  private void answer(RoutingContext context) {
    if (!isAskedFor(context)) {
      context.next();
      return;
    }
    context
        .vertx()
        .executeBlocking(this::scrape, false)
        .onSuccess(metrics ->
            context
                .response()
                .putHeader(HttpHeaders.CONTENT_TYPE, TextFormat.CONTENT_TYPE_OPENMETRICS_100)
                .end(metrics))
        .onFailure(context::fail);
  }

  private static boolean isAskedFor(RoutingContext context) {
    HttpServerRequest request = context.request();
    return request.method().equals(HttpMethod.GET)
        && context.normalizedPath().equals(PATH)
        && AcceptHeader.of(String.join(",", request.headers().getAll(HttpHeaders.ACCEPT)))
            .prefers(OPEN_METRICS, TEXT);
  }

  private String scrape() {
    return TRACED_COUNT
        .matcher(registry.scrape(TextFormat.CONTENT_TYPE_OPENMETRICS_100))
        .replaceAll("$1");
  }
}
