package dev.glimpse.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.TimeUnit;

/**
 * Counts requests that are answered before they reach the platform, in the platform's own meter:
 * those whose head is not valid HTTP. {@link HttpTags} bounds the methods.
 */
@ApplicationScoped
public class RefusedRequests {

  static final String NAME = "http.server.requests";

  /** The platform's words, as a meter has one description. */
  private static final String DESCRIPTION = "HTTP server request processing time";

  private final MeterRegistry registry;

  public RefusedRequests(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Counts a request that was answered at once. */
  public void count(String method, int status) {
    Timer.builder(NAME)
        .description(DESCRIPTION)
        .tag("method", method)
        .tag("uri", "UNKNOWN")
        .tag("outcome", "CLIENT_ERROR")
        .tag("status", Integer.toString(status))
        .register(registry)
        .record(0, TimeUnit.NANOSECONDS);
  }
}
