package dev.glimpse.tracing;

import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.Locale;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Says which traces are recorded: {@code OTEL_TRACES_SAMPLER} and {@code OTEL_TRACES_SAMPLER_ARG}.
 *
 * @param kind one of OpenTelemetry's names
 * @param ratio the share of traces for samplers by ratio, 0 to 1
 */
record OtlpSampling(Kind kind, double ratio) {

  private static final Logger LOG = Logger.getLogger(OtlpSettings.class);

  /** Which traces are recorded that no caller has decided about, or all of them. */
  enum Kind {
    ALWAYS_ON,
    ALWAYS_OFF,
    TRACEIDRATIO,
    PARENTBASED_ALWAYS_ON,
    PARENTBASED_ALWAYS_OFF,
    PARENTBASED_TRACEIDRATIO
  }

  static OtlpSampling read(OtlpVariables variables) {
    return new OtlpSampling(
        kind(variables.value("otel.traces.sampler")),
        ratio(variables.value("otel.traces.sampler.arg")));
  }

  private static Kind kind(Optional<String> name) {
    try {
      return name.map(given -> Kind.valueOf(given.toUpperCase(Locale.ROOT)))
          .orElse(Kind.PARENTBASED_ALWAYS_ON);
    } catch (IllegalArgumentException e) {
      LOG.warn("OTEL_TRACES_SAMPLER is not used: it must be one of OpenTelemetry's own samplers.");
      return Kind.PARENTBASED_ALWAYS_ON;
    }
  }

  private static double ratio(Optional<String> share) {
    try {
      double ratio = share.map(Double::parseDouble).orElse(1.0);
      if (ratio >= 0 && ratio <= 1) {
        return ratio;
      }
    } catch (NumberFormatException e) {
      // reported below
    }
    LOG.warn("OTEL_TRACES_SAMPLER_ARG is not used: it must be a number from 0 to 1.");
    return 1;
  }

  Sampler sampler() {
    return switch (kind) {
      case ALWAYS_ON -> Sampler.alwaysOn();
      case ALWAYS_OFF -> Sampler.alwaysOff();
      case TRACEIDRATIO -> Sampler.traceIdRatioBased(ratio);
      case PARENTBASED_ALWAYS_ON -> Sampler.parentBased(Sampler.alwaysOn());
      case PARENTBASED_ALWAYS_OFF -> Sampler.parentBased(Sampler.alwaysOff());
      case PARENTBASED_TRACEIDRATIO -> Sampler.parentBased(Sampler.traceIdRatioBased(ratio));
    };
  }
}
