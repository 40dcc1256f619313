package dev.glimpse.tracing;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.failure.Printable;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Holds where and how spans are exported: {@code glimpse.otlp.endpoint}, and the <a
 * href="https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/">variables
 * of OpenTelemetry</a>. Of those, a wrong value is reported and not used, as their specification
 * asks.
 *
 * @param url of the receiver of spans, {@code /v1/traces} included
 * @param headers of each request to it; secret
 * @param resource attributes of this service
 * @param sampler one of OpenTelemetry's names
 * @param samplerRatio the share of traces for samplers by ratio, 0 to 1
 * @param timeout of each request, repetitions included
 */
record OtlpSettings(
    String url,
    Map<String, String> headers,
    Map<String, String> resource,
    Sampling sampler,
    double samplerRatio,
    Duration timeout) {

  private static final int LAST_PORT = 65_535;
  private static final Logger LOG = Logger.getLogger(OtlpSettings.class);

  private static final String PATH = "v1/traces";
  private static final String PROTOCOL = "http/protobuf";
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(5);

  /** Which traces are recorded that no caller has decided about, or all of them. */
  enum Sampling {
    ALWAYS_ON,
    ALWAYS_OFF,
    TRACEIDRATIO,
    PARENTBASED_ALWAYS_ON,
    PARENTBASED_ALWAYS_OFF,
    PARENTBASED_TRACEIDRATIO
  }

  /**
   * Reads the settings.
   *
   * @param standard returns OpenTelemetry's setting of a name such as {@code otel.service.name}
   * @return empty if no endpoint is set, or exporting is switched off
   */
  static Optional<OtlpSettings> read(
      GlimpseConfig.Otlp config, Function<String, Optional<String>> standard) {
    Function<String, Optional<String>> set =
        name -> standard.apply(name).map(String::strip).filter(value -> !value.isEmpty());
    Optional<String> url = isOff(set) ? Optional.empty() : url(config, set);
    if (url.isEmpty()) {
      return Optional.empty();
    }
    set.apply("otel.exporter.otlp.traces.protocol")
        .or(() -> set.apply("otel.exporter.otlp.protocol"))
        .filter(protocol -> !protocol.equals(PROTOCOL))
        .ifPresent(protocol ->
            LOG.warnf(
                "Spans are exported by %s, not by \"%s\" (OTEL_EXPORTER_OTLP_PROTOCOL): the"
                    + " endpoint has to speak it, mostly at port 4318.",
                PROTOCOL, Printable.of(protocol)));
    return Optional.of(
        new OtlpSettings(
            url.get(),
            pairs(
                "OTEL_EXPORTER_OTLP_HEADERS",
                set.apply("otel.exporter.otlp.traces.headers")
                    .or(() -> set.apply("otel.exporter.otlp.headers"))),
            resource(set),
            sampling(set.apply("otel.traces.sampler")),
            ratio(set.apply("otel.traces.sampler.arg")),
            timeout(
                set.apply("otel.exporter.otlp.traces.timeout")
                    .or(() -> set.apply("otel.exporter.otlp.timeout")))));
  }

  private static boolean isOff(Function<String, Optional<String>> set) {
    return set.apply("otel.sdk.disabled").map("true"::equalsIgnoreCase).orElse(false)
        || set.apply("otel.traces.exporter").map("none"::equals).orElse(false);
  }

  private static Optional<String> url(
      GlimpseConfig.Otlp config, Function<String, Optional<String>> set) {
    return config
        .endpoint()
        .map(OtlpSettings::checked)
        .map(OtlpSettings::traces)
        .or(() -> standard("otel.exporter.otlp.traces.endpoint", set))
        .or(() -> standard("otel.exporter.otlp.endpoint", set).map(OtlpSettings::traces));
  }

  private static String traces(String endpoint) {
    return endpoint + (endpoint.endsWith("/") ? "" : "/") + PATH;
  }

  /** Fails, without repeating it, if the setting of our own is no address after all. */
  private static String checked(String value) {
    if (!isUrl(value)) {
      throw new ConfigurationException(
          "glimpse.otlp.endpoint must be an address such as http://collector:4318: a host's name"
              + " has letters, digits, hyphens and dots, and a port is from 1 to 65535.");
    }
    return value;
  }

  /** Reads one of OpenTelemetry's own settings; one that is no address is not used. */
  private static Optional<String> standard(String key, Function<String, Optional<String>> set) {
    Optional<String> value = set.apply(key);
    if (value.isPresent() && !isUrl(value.get())) {
      LOG.warnf(
          "%s is not used: it is no address such as http://collector:4318.",
          key.toUpperCase(Locale.ROOT).replace('.', '_'));
      return Optional.empty();
    }
    return value;
  }

  private static boolean isUrl(String value) {
    try {
      URI url = URI.create(value);
      return url.getHost() != null
          && ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
          && url.getPort() != 0
          && url.getPort() <= LAST_PORT;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static Map<String, String> resource(Function<String, Optional<String>> set) {
    Map<String, String> resource = new LinkedHashMap<>();
    resource.put("service.name", "glimpse");
    resource.putAll(pairs("OTEL_RESOURCE_ATTRIBUTES", set.apply("otel.resource.attributes")));
    set.apply("otel.service.name").ifPresent(name -> resource.put("service.name", name));
    return resource;
  }

  /** Reads pairs such as {@code a=b,c=d%20e}. */
  private static Map<String, String> pairs(String variable, Optional<String> text) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String pair : text.orElse("").split(",", -1)) {
      int at = pair.indexOf('=');
      try {
        if (at > 0) {
          pairs.put(pair.substring(0, at).strip(), decoded(pair.substring(at + 1).strip()));
        } else if (!pair.isBlank()) {
          throw new IllegalArgumentException();
        }
      } catch (IllegalArgumentException e) { // the value may be a secret
        LOG.warnf("A part of %s is not used: it is not of the form key=value.", variable);
      }
    }
    return pairs;
  }

  private static String decoded(String value) {
    return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static Sampling sampling(Optional<String> name) {
    try {
      return name.map(given -> Sampling.valueOf(given.toUpperCase(Locale.ROOT)))
          .orElse(Sampling.PARENTBASED_ALWAYS_ON);
    } catch (IllegalArgumentException e) {
      LOG.warn("OTEL_TRACES_SAMPLER is not used: it must be one of OpenTelemetry's own samplers.");
      return Sampling.PARENTBASED_ALWAYS_ON;
    }
  }

  private static double ratio(Optional<String> share) {
    try {
      double ratio = share.map(Double::parseDouble).orElse(1.0);
      if (ratio >= 0 && ratio <= 1) {
        return ratio;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    LOG.warn("OTEL_TRACES_SAMPLER_ARG is not used: it must be a number from 0 to 1.");
    return 1;
  }

  private static Duration timeout(Optional<String> millis) {
    try {
      Duration timeout = millis.map(Long::parseLong).map(Duration::ofMillis).orElse(TIMEOUT);
      if (timeout.toMillis() > 0 && timeout.compareTo(LONGEST_TIMEOUT) <= 0) {
        return timeout;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    LOG.warn("OTEL_EXPORTER_OTLP_TIMEOUT is not used: it must be milliseconds, up to 300000.");
    return TIMEOUT;
  }

  /** Returns the receiver for the log: the address without what may be secret. */
  String receiver() {
    URI parts = URI.create(url);
    return parts.getPort() < 0 ? parts.getHost() : parts.getHost() + ":" + parts.getPort();
  }

  /** Leaves the headers out, which may hold secrets. */
  @Override
  public String toString() {
    return receiver();
  }
}
