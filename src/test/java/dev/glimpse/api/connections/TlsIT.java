package dev.glimpse.api.connections;

import static dev.glimpse.support.Polling.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Fixtures;
import dev.glimpse.support.SelfSigned;
import dev.glimpse.support.Service;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Serves HTTPS by the settings of docs/security.md, on the packaged application. */
@Timeout(120)
class TlsIT {

  private static final String PASSWORD = "changeit";
  private static final Pattern HTTPS = Pattern.compile("https://[^:]+:(\\d+)");
  private static final Pattern MANAGEMENT = Pattern.compile("Management port: [^:]+:(\\d+)");

  @TempDir private Path folder;

  @Test
  void httpsIsServedAndHttpRedirected() throws Exception {
    Certificate certificate = write();
    try (Service service = Service.start(settings("1h"))) {
      HttpResponse<String> answer = predict(trusting(certificate), https(service));
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(answer.headers().firstValue("strict-transport-security"))
          .hasValue("max-age=31536000");

      HttpResponse<String> redirected = get(service.port(), "/models");
      assertThat(redirected.statusCode()).isEqualTo(301);
      assertThat(redirected.headers().firstValue("location").orElseThrow())
          .isEqualTo("https://localhost:%d/models".formatted(https(service)));

      Matcher management = MANAGEMENT.matcher(service.log());
      assertThat(management.find()).isTrue();
      assertThat(get(Integer.parseInt(management.group(1)), "/q/health/ready").statusCode())
          .isEqualTo(200);
    }
  }

  private static HttpResponse<String> get(int port, String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://localhost:%d%s".formatted(port, path)))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  /** Takes half a minute, the shortest time after which certificates are read again. */
  @Test
  @Tag("repeated")
  void aNewCertificateIsServedWithoutARestart() throws Exception {
    Certificate first = write();
    try (Service service = Service.start(settings("30s"))) {
      HttpClient old = trusting(first);
      assertThat(predict(old, https(service)).statusCode()).isEqualTo(200);
      Certificate second = write();
      assertThat(second).isNotEqualTo(first);
      await()
          .ignoreExceptions()
          .until(() -> predict(trusting(second), https(service)).statusCode() == 200);
    }
  }

  private Map<String, String> settings(String reload) throws IOException {
    Map<String, String> settings = new HashMap<>();
    settings.put("glimpse.models.path", Fixtures.MODELS.toAbsolutePath().toString());
    settings.put("glimpse.models.default", "colors");
    settings.put("quarkus.tls.key-store.pem.0.cert", folder.resolve("tls.crt").toString());
    settings.put("quarkus.tls.key-store.pem.0.key", folder.resolve("tls.key").toString());
    settings.put("quarkus.tls.reload-period", reload);
    settings.put("quarkus.http.ssl-port", "" + freePort()); // the redirection does not know port 0
    settings.put("quarkus.http.insecure-requests", "redirect");
    settings.put("quarkus.http.header.\"Strict-Transport-Security\".value", "max-age=31536000");
    settings.put("glimpse.management.listen", "127.0.0.1:0");
    return settings;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** Writes a new certificate and its key, as cert-manager does, in the place of the old ones. */
  private Certificate write() throws Exception {
    Path store = Files.createTempDirectory(folder, "new").resolve("localhost.p12");
    SelfSigned.write(store, "localhost", PASSWORD);
    KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    pem("PRIVATE KEY", keys.getKey("localhost", PASSWORD.toCharArray()).getEncoded(), "tls.key");
    Certificate certificate = keys.getCertificate("localhost");
    pem("CERTIFICATE", certificate.getEncoded(), "tls.crt");
    return certificate;
  }

  private void pem(String kind, byte[] content, String file) throws Exception {
    Path next = Files.writeString(folder.resolve("next"), SelfSigned.pem(kind, content));
    Files.move(next, folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
  }

  private static int https(Service service) throws Exception {
    Matcher port = HTTPS.matcher(service.log());
    assertThat(port.find()).isTrue();
    return Integer.parseInt(port.group(1));
  }

  private static HttpResponse<String> predict(HttpClient client, int port) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create("https://localhost:%d/predict".formatted(port)))
            .header("Content-Type", "image/jpeg")
            .POST(HttpRequest.BodyPublishers.ofByteArray(Fixtures.image("red.jpg")))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static HttpClient trusting(Certificate certificate) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("localhost", certificate);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return HttpClient.newBuilder().sslContext(context).build();
  }
}
