package dev.glimpse.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.metrics.ServingMetrics.Step;
import io.micrometer.core.instrument.Clock;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What Prometheus reads of a histogram's trace. */
@SuppressWarnings("deprecation") // the client that the framework comes with
class TraceExemplarsTest {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(
          PrometheusConfig.DEFAULT,
          new CollectorRegistry(),
          Clock.SYSTEM,
          new TraceExemplars().sampler().orElseThrow());
  private final ServingMetrics metrics = new ServingMetrics(registry);

  @Test
  void bucketNamesTheTraceOfARequest() {
    record("01");

    assertThat(scraped())
        .containsPattern(
            "glimpse_inference_seconds_bucket\\{[^}]*} 1.0 # \\{span_id=\"b7ad6b7169203331\","
                + "trace_id=\""
                + TRACE
                + "\"} 0.003");
  }

  @Test
  void traceThatIsNotSampledIsNotNamed() {
    record("00");
    metrics.took(Step.INFERENCE, "flowers", "1", 3_000_000);

    assertThat(scraped()).contains("glimpse_inference_seconds_bucket").doesNotContain("trace_id");
  }

  private void record(String flags) {
    TraceContext trace =
        ForwardedTrace.of("00-" + TRACE + "-b7ad6b7169203331-" + flags, List.of()).context();
    assertThat(trace).isNotNull();
    trace.call(() -> {
      metrics.took(Step.INFERENCE, "flowers", "1", 3_000_000);
      return this;
    });
  }

  private String scraped() {
    return registry.scrape(TextFormat.CONTENT_TYPE_OPENMETRICS_100);
  }
}
