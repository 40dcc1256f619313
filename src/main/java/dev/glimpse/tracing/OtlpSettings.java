package dev.glimpse.tracing;

import dev.glimpse.config.OtlpConfig;
import dev.glimpse.failure.Printable;
import dev.glimpse.tracing.OtlpVariables.Variable;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
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
 * @param sampling which traces are recorded
 * @param timeout of each request, repetitions included
 * @param gzip whether requests are compressed
 * @param tls certificates and a key of its own; secret
 */
record OtlpSettings(
    String url,
    Map<String, String> headers,
    Map<String, String> resource,
    OtlpSampling sampling,
    Duration timeout,
    boolean gzip,
    OtlpTls tls) {

  private static final int LAST_PORT = 65_535;
  private static final Logger LOG = Logger.getLogger(OtlpSettings.class);

  private static final String PATH = "v1/traces";
  private static final String PROTOCOL = "http/protobuf";
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(5);

  /**
   * Reads the settings.
   *
   * @param standard returns OpenTelemetry's setting of a name such as {@code otel.service.name}
   * @return empty if no endpoint is set, or exporting is switched off
   */
  static Optional<OtlpSettings> read(
      OtlpConfig config, Function<String, Optional<String>> standard) {
    OtlpVariables variables = new OtlpVariables(standard);
    Optional<String> url = isOff(variables) ? Optional.empty() : url(config, variables);
    if (url.isEmpty()) {
      return Optional.empty();
    }
    warnOfOtherProtocols(variables);
    return Optional.of(
        new OtlpSettings(
            url.get(),
            pairs(variables.exporter("headers")),
            resource(variables),
            OtlpSampling.read(variables),
            timeout(variables.exporter("timeout")),
            isGzip(variables.exporter("compression")),
            OtlpTls.read(variables)));
  }

  private static void warnOfOtherProtocols(OtlpVariables variables) {
    variables
        .exporter("protocol")
        .filter(protocol -> !protocol.value().equals(PROTOCOL))
        .ifPresent(protocol ->
            LOG.warnf(
                "Spans are exported by %s, not by \"%s\" (%s): the endpoint has to speak it,"
                    + " mostly at port 4318.",
                PROTOCOL, Printable.of(protocol.value()), protocol.name()));
  }

  private static boolean isOff(OtlpVariables variables) {
    return variables.value("otel.sdk.disabled").map("true"::equalsIgnoreCase).orElse(false)
        || variables.value("otel.traces.exporter").map("none"::equals).orElse(false);
  }

  private static Optional<String> url(OtlpConfig config, OtlpVariables variables) {
    return config
        .endpoint()
        .map(OtlpSettings::checked)
        .map(OtlpSettings::traces)
        .or(() ->
            variables.variable("otel.exporter.otlp.traces.endpoint").flatMap(OtlpSettings::url))
        .or(() ->
            variables
                .variable("otel.exporter.otlp.endpoint")
                .flatMap(OtlpSettings::url)
                .map(OtlpSettings::traces));
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

  /** Returns an address of OpenTelemetry's own settings; one that is no address is not used. */
  private static Optional<String> url(Variable endpoint) {
    if (isUrl(endpoint.value())) {
      return Optional.of(endpoint.value());
    }
    LOG.warnf("%s is not used: it is no address such as http://collector:4318.", endpoint.name());
    return Optional.empty();
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

  private static Map<String, String> resource(OtlpVariables variables) {
    Map<String, String> resource = new LinkedHashMap<>();
    resource.put("service.name", "glimpse");
    resource.putAll(pairs(variables.variable("otel.resource.attributes")));
    variables.value("otel.service.name").ifPresent(name -> resource.put("service.name", name));
    return resource;
  }

  /** Reads pairs such as {@code a=b,c=d%20e}. */
  private static Map<String, String> pairs(Optional<Variable> variable) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String pair : variable.map(Variable::value).orElse("").split(",", -1)) {
      int at = pair.indexOf('=');
      try {
        if (at > 0) {
          pairs.put(pair.substring(0, at).strip(), decoded(pair.substring(at + 1).strip()));
        } else if (!pair.isBlank()) {
          throw new IllegalArgumentException();
        }
      } catch (IllegalArgumentException e) { // the value may be a secret
        LOG.warnf(
            "A part of %s is not used: it is not of the form key=value.",
            variable.map(Variable::name).orElse(""));
      }
    }
    return pairs;
  }

  private static String decoded(String value) {
    return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static Duration timeout(Optional<Variable> millis) {
    try {
      Duration timeout =
          millis.map(Variable::value).map(Long::parseLong).map(Duration::ofMillis).orElse(TIMEOUT);
      if (timeout.toMillis() > 0 && timeout.compareTo(LONGEST_TIMEOUT) <= 0) {
        return timeout;
      }
    } catch (NumberFormatException e) {
      // reported below
    }
    LOG.warnf(
        "%s is not used: it must be milliseconds, up to 300000.",
        millis.map(Variable::name).orElse(""));
    return TIMEOUT;
  }

  private static boolean isGzip(Optional<Variable> compression) {
    compression
        .filter(set -> !set.value().equals("gzip") && !set.value().equals("none"))
        .ifPresent(set -> LOG.warnf("%s is not used: it must be gzip or none.", set.name()));
    return compression.map(Variable::value).filter("gzip"::equals).isPresent();
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
