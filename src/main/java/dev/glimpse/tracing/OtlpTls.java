package dev.glimpse.tracing;

import dev.glimpse.tracing.OtlpVariables.Variable;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Holds which certificates of the receiver are trusted, and which one it is shown: the files that
 * {@code OTEL_EXPORTER_OTLP_CERTIFICATE}, {@code …_CLIENT_CERTIFICATE} and {@code …_CLIENT_KEY}
 * name, in PEM. They are read once. A file that cannot be read is reported and not used.
 *
 * @param trusted in the place of the platform's own
 * @param shown the certificate of this service, and those that have signed it
 * @param key of the first one shown, in PKCS #8; secret
 */
record OtlpTls(Optional<String> trusted, Optional<String> shown, Optional<String> key) {

  private static final Logger LOG = Logger.getLogger(OtlpSettings.class);

  /** More than the certificates of all public authorities take. */
  private static final int LARGEST = 1 << 20;

  static OtlpTls read(OtlpVariables variables) {
    Optional<Variable> key = variables.exporter("client.key");
    Optional<Variable> shown = variables.exporter("client.certificate");
    if (key.isPresent() != shown.isPresent()) {
      LOG.warn(
          "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE and OTEL_EXPORTER_OTLP_CLIENT_KEY are used"
              + " together only; set both.");
      key = Optional.empty();
      shown = Optional.empty();
    }
    Optional<String> keyText = key.flatMap(OtlpTls::content);
    return new OtlpTls(
        variables.exporter("certificate").flatMap(OtlpTls::content),
        keyText.isEmpty() ? Optional.empty() : shown.flatMap(OtlpTls::content),
        keyText);
  }

  private static Optional<String> content(Variable variable) {
    try (InputStream file = Files.newInputStream(Path.of(variable.value()))) {
      String content = new String(file.readNBytes(LARGEST), StandardCharsets.US_ASCII);
      if (content.contains("-----BEGIN ")) {
        return Optional.of(content);
      }
    } catch (IOException | InvalidPathException e) {
      // reported below
    }
    LOG.warnf("%s is not used: it must name a file in PEM that can be read.", variable.name());
    return Optional.empty();
  }

  /** Sets an exporter up. What the library cannot use is reported, and left out. */
  void apply(OtlpHttpSpanExporterBuilder exporter) {
    trusted.ifPresent(pem ->
        orReport(
            "OTEL_EXPORTER_OTLP_CERTIFICATE", () -> exporter.setTrustedCertificates(bytes(pem))));
    if (key.isPresent() && shown.isPresent()) {
      orReport(
          "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE",
          () -> exporter.setClientTls(bytes(key.get()), bytes(shown.get())));
    }
  }

  private static void orReport(String variable, Runnable setting) {
    try {
      setting.run();
    } catch (IllegalStateException | IllegalArgumentException e) { // its text may have the key
      LOG.warnf(
          "%s is not used: it must name a file with certificates in PEM, and a key one in"
              + " PKCS #8.",
          variable);
    }
  }

  private static byte[] bytes(String pem) {
    return pem.getBytes(StandardCharsets.US_ASCII);
  }

  /** Leaves out the key. */
  @Override
  public String toString() {
    return "OtlpTls[trusted=%s, shown=%s]".formatted(trusted.isPresent(), shown.isPresent());
  }
}
