package dev.glimpse.tracing;

import static dev.glimpse.support.Polling.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Configs;
import dev.glimpse.support.LogLines;
import dev.glimpse.support.OtlpReceiver;
import dev.glimpse.support.SelfSigned;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Exports to a receiver with a certificate that only those trust who are given it. */
@Timeout(60)
class OtlpTlsTest {

  private static final String PASSWORD = "changeit";

  @TempDir private static Path folder;

  private final LogLines log = LogLines.of("dev.glimpse.tracing.OtlpSettings");
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private @Nullable OtlpReceiver receiver;

  @BeforeAll
  static void makeCertificates() throws Exception {
    SelfSigned.writePem(folder, "localhost");
  }

  @AfterEach
  void stop() {
    log.close();
    if (receiver != null) {
      receiver.close();
    }
  }

  @Test
  void certificateThatIsNamedIsTrusted() throws Exception {
    OtlpReceiver started = start(null);
    export(Map.of("otel.exporter.otlp.certificate", file("tls.crt")));

    await().until(() -> !started.spans().isEmpty());
    assertThat(log.lines()).isEmpty();
  }

  @Test
  void otherCertificateIsNot() throws Exception {
    OtlpReceiver started = start(null);
    export(Map.of());

    await().until(() -> dropped() > 0);
    assertThat(started.spans()).isEmpty();
  }

  @Test
  void receiverThatAsksForACertificateIsShownIt() throws Exception {
    OtlpReceiver started = start(SelfSigned.trustManagers(folder.resolve("trusted.p12"), PASSWORD));
    export(
        Map.of(
            "otel.exporter.otlp.certificate", file("tls.crt"),
            "otel.exporter.otlp.client.certificate", file("tls.crt"),
            "otel.exporter.otlp.client.key", file("tls.key"),
            "otel.exporter.otlp.compression", "gzip"));

    await().until(() -> !started.spans().isEmpty());
    assertThat(started.headers().get(0)).containsEntry("content-encoding", List.of("gzip"));
    assertThat(log.lines()).isEmpty();
  }

  @Test
  void receiverThatAsksForACertificateRefusesThoseWithout() throws Exception {
    OtlpReceiver started = start(SelfSigned.trustManagers(folder.resolve("trusted.p12"), PASSWORD));
    export(Map.of("otel.exporter.otlp.certificate", file("tls.crt")));

    await().until(() -> dropped() > 0);
    assertThat(started.spans()).isEmpty();
  }

  @Test
  void contentThatIsNoCertificateIsReportedAndNotUsed() throws Exception {
    start(null);
    Path broken =
        Files.writeString(
            folder.resolve("broken.pem"),
            "-----BEGIN CERTIFICATE-----\nc2VjcmV0\n-----END CERTIFICATE-----\n");
    export(
        Map.of(
            "otel.exporter.otlp.certificate", broken.toString(),
            "otel.exporter.otlp.client.certificate", file("tls.crt"),
            "otel.exporter.otlp.client.key", broken.toString()));

    assertThat(log.lines())
        .hasSize(2)
        .allSatisfy(
            line -> assertThat(line).startsWith("WARN OTEL_").contains("is not used", "PEM"))
        .noneMatch(line -> line.contains("c2Vj"));
  }

  @Test
  void keyIsNotShown() {
    OtlpTls tls =
        OtlpTls.read(
            new OtlpVariables(
                name -> name.contains("traces") ? Optional.empty() : Optional.of(file("tls.key"))));

    assertThat(tls.key()).isPresent();
    assertThat(tls).hasToString("OtlpTls[trusted=true, shown=true]");
  }

  private OtlpReceiver start(TrustManager @Nullable [] trusted) throws Exception {
    receiver =
        OtlpReceiver.withTls(SelfSigned.keyManagers(folder.resolve("own.p12"), PASSWORD), trusted);
    return receiver;
  }

  /** Exports one span. */
  private void export(Map<String, String> standard) {
    Map<String, String> all = new HashMap<>(standard);
    all.put("otel.exporter.otlp.timeout", "5000");
    Optional<OtlpSettings> settings =
        OtlpSettings.read(
            Configs.of(Map.of("glimpse.otlp.endpoint", receiver.endpoint())).otlp(),
            name -> Optional.ofNullable(all.get(name)));
    Tracing tracing = new Tracing(settings, registry);
    tracing
        .begin(new Arrival("POST", "/predict", false, "id-1"), null, List.of(), true)
        .end(200, "/predict");
    tracing.close(new ShutdownEvent());
  }

  /**
   * Returns how many were dropped, if only at the end, until which a failed attempt is repeated.
   */
  private double dropped() {
    return registry.get("glimpse.otlp.spans.dropped").counters().stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  private static String file(String name) {
    return folder.resolve(name).toString();
  }
}
