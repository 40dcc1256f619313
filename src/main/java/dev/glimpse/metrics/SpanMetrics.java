package dev.glimpse.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.function.IntSupplier;

/** Records the metrics of the export of spans, where there is one. */
public final class SpanMetrics {

  /** Why a span is not exported. */
  public enum Loss {
    /** More spans were waiting than the queue holds. */
    QUEUE_FULL,
    /** The receiver was away, too slow, or has refused it. */
    REFUSED,
    /** The service has ended before it was sent. */
    SHUTDOWN
  }

  private final MeterRegistry registry;

  /** Registers the meters, so that they are seen before anything is lost. */
  public SpanMetrics(MeterRegistry registry) {
    this.registry = registry;
    exported(0);
    for (Loss loss : Loss.values()) {
      dropped(loss, 0);
    }
  }

  /** Registers a gauge of the spans that wait. */
  public void watch(IntSupplier waiting) {
    Gauge.builder("glimpse.otlp.spans.waiting", waiting::getAsInt)
        .description("Spans that wait to be exported")
        .register(registry);
  }

  /** Counts spans that the receiver has taken. */
  public void exported(int spans) {
    Counter.builder("glimpse.otlp.spans.exported")
        .description("Spans that were exported")
        .register(registry)
        .increment(spans);
  }

  /** Counts spans that are lost. */
  public void dropped(Loss reason, int spans) {
    Counter.builder("glimpse.otlp.spans.dropped")
        .description("Spans that were not exported, by reason")
        .tag("reason", reason.name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .register(registry)
        .increment(spans);
  }
}
