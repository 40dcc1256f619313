package dev.glimpse.tracing;

import dev.glimpse.config.GlimpseConfig;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Begins the traces of requests: spans of their own where they are exported, or else what the
 * caller has sent. The library is loaded when it is first needed.
 */
@ApplicationScoped
public class Tracing {

  private static final Logger LOG = Logger.getLogger(Tracing.class);

  /** As long as the rest of a shutdown may take, about. */
  private static final Duration LAST_EXPORT = Duration.ofSeconds(2);

  private final @Nullable SpanExport export;

  @Inject
  Tracing(GlimpseConfig config, Config standard, MeterRegistry registry) {
    this(
        OtlpSettings.read(config.otlp(), name -> standard.getOptionalValue(name, String.class)),
        registry);
  }

  Tracing(Optional<OtlpSettings> settings, MeterRegistry registry) {
    this.export = settings.map(set -> SpanExport.to(set, registry)).orElse(null);
    settings.ifPresent(set -> LOG.infof("Spans are exported to %s", set.receiver()));
  }

  /** Returns whether spans are exported. */
  public boolean isOn() {
    return export != null;
  }

  /**
   * Begins the trace of a request that has arrived.
   *
   * @param request what its span says of it
   * @param traceparent the caller's header; null if there is none
   * @param tracestate the values of the caller's headers of that name
   * @param exported whether it is to have a span, if spans are exported
   */
  public RequestTrace begin(
      Arrival request, @Nullable String traceparent, List<String> tracestate, boolean exported) {
    SpanExport spans = export;
    if (spans != null && exported) {
      return spans.begin(request, traceparent, tracestate);
    }
    return traceparent == null ? RequestTrace.NONE : ForwardedTrace.of(traceparent, tracestate);
  }

  /** Exports what is left, for a bounded time. */
  void close(@Observes ShutdownEvent event) {
    if (export != null) {
      export.close(LAST_EXPORT);
    }
  }
}
