package dev.glimpse.tracing;

import io.prometheus.client.exemplars.DefaultExemplarSampler;
import io.prometheus.client.exemplars.ExemplarSampler;
import io.prometheus.client.exemplars.tracer.common.SpanContextSupplier;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gives the histograms and counters of Prometheus, in the format of OpenMetrics, the ids of traces
 * that are sampled, so that a dashboard leads from a slow request to its spans.
 */
@Dependent
public class TraceExemplars {

  private static final int INSTEAD_OF_THE_FRAMEWORKS = 1;

  @Produces
  @Alternative
  @Priority(INSTEAD_OF_THE_FRAMEWORKS)
  Optional<ExemplarSampler> sampler() {
    return Optional.of(new DefaultExemplarSampler(new CurrentTrace()));
  }

  /** That of the request that the calling thread works for. */
  static final class CurrentTrace implements SpanContextSupplier {

    @Override
    public @Nullable String getTraceId() {
      TraceContext context = TraceContext.current();
      return context == null ? null : context.traceId();
    }

    @Override
    public @Nullable String getSpanId() {
      TraceContext context = TraceContext.current();
      return context == null ? null : context.spanId();
    }

    @Override
    public boolean isSampled() {
      TraceContext context = TraceContext.current();
      return context != null && context.sampled();
    }
  }
}
