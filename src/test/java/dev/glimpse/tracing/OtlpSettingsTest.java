package dev.glimpse.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Configs;
import dev.glimpse.support.LogLines;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OtlpSettingsTest {

  private final LogLines log = LogLines.of("dev.glimpse.tracing.OtlpSettings");

  @AfterEach
  void close() {
    log.close();
  }

  @Test
  void nothingIsExportedByDefault() {
    assertThat(read(Map.of())).isEmpty();
    assertThat(log.lines()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "glimpse.otlp.endpoint, http://c:4318, http://c:4318/v1/traces",
    "glimpse.otlp.endpoint, https://c/otlp/, https://c/otlp/v1/traces",
    "otel.exporter.otlp.endpoint, http://c:4318, http://c:4318/v1/traces",
    "otel.exporter.otlp.traces.endpoint, http://c:4318/own, http://c:4318/own",
  })
  void endpoint(String name, String value, String url) {
    assertThat(read(Map.of(name, value)).orElseThrow().url()).isEqualTo(url);
  }

  @Test
  void ownSettingComesFirst() {
    assertThat(
            read(Map.of(
                    "glimpse.otlp.endpoint", "http://own:1",
                    "otel.exporter.otlp.traces.endpoint", "http://other:2/"))
                .orElseThrow()
                .receiver())
        .isEqualTo("own:1");
  }

  @ParameterizedTest
  @CsvSource({"otel.sdk.disabled, true", "otel.traces.exporter, none"})
  void standardSwitchesTurnItOff(String name, String value) {
    assertThat(read(Map.of("glimpse.otlp.endpoint", "http://c:4318", name, value))).isEmpty();
  }

  @Test
  void standardDefaults() {
    OtlpSettings settings = read(Map.of("glimpse.otlp.endpoint", "http://c:4318")).orElseThrow();

    assertThat(settings.sampling())
        .isEqualTo(new OtlpSampling(OtlpSampling.Kind.PARENTBASED_ALWAYS_ON, 1));
    assertThat(settings.gzip()).isFalse();
    assertThat(settings.tls().trusted()).isEmpty();
    assertThat(settings.timeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.headers()).isEmpty();
    assertThat(settings.resource()).isEqualTo(Map.of("service.name", "glimpse"));
  }

  /** Their specification asks that a wrong value is reported and not used. */
  @ParameterizedTest
  @CsvSource({
    "otel.traces.sampler, jaeger_remote, OTEL_TRACES_SAMPLER",
    "otel.traces.sampler.arg, 2, OTEL_TRACES_SAMPLER_ARG",
    "otel.traces.sampler.arg, some, OTEL_TRACES_SAMPLER_ARG",
    "otel.exporter.otlp.timeout, 10s, OTEL_EXPORTER_OTLP_TIMEOUT",
    "otel.exporter.otlp.timeout, 0, OTEL_EXPORTER_OTLP_TIMEOUT",
    "otel.exporter.otlp.headers, secret, OTEL_EXPORTER_OTLP_HEADERS",
    "otel.exporter.otlp.headers, a=%zzsecret, OTEL_EXPORTER_OTLP_HEADERS",
    "otel.exporter.otlp.protocol, grpc, OTEL_EXPORTER_OTLP_PROTOCOL",
    "otel.exporter.otlp.traces.protocol, grpc, OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
    "otel.exporter.otlp.compression, zstd, OTEL_EXPORTER_OTLP_COMPRESSION",
    "otel.exporter.otlp.certificate, /no/secret.pem, OTEL_EXPORTER_OTLP_CERTIFICATE",
    "otel.exporter.otlp.traces.certificate, pom.xml, OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE",
    "otel.exporter.otlp.client.key, secret.pem, OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE",
    "otel.exporter.otlp.client.certificate, secret.pem, OTEL_EXPORTER_OTLP_CLIENT_KEY",
  })
  void wrongValueIsReportedAndNotUsed(String name, String value, String variable) {
    OtlpSettings settings =
        read(Map.of("glimpse.otlp.endpoint", "http://c:4318", name, value)).orElseThrow();

    assertThat(settings).isEqualTo(read(Map.of("glimpse.otlp.endpoint", "http://c:4318")).get());
    assertThat(log.lines())
        .singleElement()
        .asString()
        .startsWith("WARN ")
        .contains(variable)
        .doesNotContain("secret");
  }

  @ParameterizedTest
  @CsvSource({
    "otel.exporter.otlp.compression, gzip, true",
    "otel.exporter.otlp.traces.compression, gzip, true",
    "otel.exporter.otlp.compression, none, false"
  })
  void compression(String name, String value, boolean gzip) {
    assertThat(read(Map.of("glimpse.otlp.endpoint", "http://c:4318", name, value)))
        .get()
        .extracting(OtlpSettings::gzip)
        .isEqualTo(gzip);
    assertThat(log.lines()).isEmpty();
  }

  @Test
  void settingForTracesComesFirst() {
    OtlpSettings settings =
        read(Map.of(
                "glimpse.otlp.endpoint", "http://c:4318",
                "otel.exporter.otlp.compression", "gzip",
                "otel.exporter.otlp.traces.compression", "none",
                "otel.exporter.otlp.timeout", "1",
                "otel.exporter.otlp.traces.timeout", "2"))
            .orElseThrow();

    assertThat(settings.gzip()).isFalse();
    assertThat(settings.timeout()).isEqualTo(Duration.ofMillis(2));
  }

  @ParameterizedTest
  @CsvSource({
    "collector:4318",
    "ftp://c:4318",
    "http:///x",
    "'http://a b'",
    "http://a_b:1",
    "http://c:65536"
  })
  void wrongEndpointIsReportedAndNotUsed(String endpoint) {
    assertThat(read(Map.of("otel.exporter.otlp.endpoint", endpoint))).isEmpty();
    assertThat(log.lines())
        .isEqualTo(
            List.of(
                "WARN OTEL_EXPORTER_OTLP_ENDPOINT is not used: it is no address such as"
                    + " http://collector:4318."));
  }

  @Test
  void secretsAreNotShown() {
    OtlpSettings settings =
        read(Map.of(
                "otel.exporter.otlp.endpoint", "https://user:secret@c:4318/secret",
                "otel.exporter.otlp.headers", "api-key=secret"))
            .orElseThrow();

    assertThat(settings.headers()).isEqualTo(Map.of("api-key", "secret"));
    assertThat(settings).hasToString("c:4318");
  }

  private static Optional<OtlpSettings> read(Map<String, String> settings) {
    Map<String, String> own = new HashMap<>(settings);
    own.keySet().removeIf(name -> !name.startsWith("glimpse."));
    return OtlpSettings.read(
        Configs.of(own).otlp(), name -> Optional.ofNullable(settings.get(name)));
  }
}
