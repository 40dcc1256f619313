package dev.glimpse.redis;

import static dev.glimpse.support.Polling.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Fixtures;
import dev.glimpse.support.RealRedis;
import dev.glimpse.support.SelfSigned;
import dev.glimpse.support.Service;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Speaks TLS with a Redis whose certificate is trusted, or is not. */
@Tag("repeated")
@Timeout(120)
class RedisTlsIT {

  private static final int PORT = RealRedis.freePort();

  @TempDir private static Path folder;

  private static RealRedis redis;

  @BeforeAll
  static void start() throws Exception {
    SelfSigned.writePem(folder, "localhost");
    redis =
        RealRedis.start(
            "--tls-port",
            "" + PORT,
            "--tls-cert-file",
            folder.resolve("tls.crt").toString(),
            "--tls-key-file",
            folder.resolve("tls.key").toString(),
            "--tls-ca-cert-file",
            folder.resolve("tls.crt").toString(),
            "--tls-auth-clients",
            "no",
            "--requirepass",
            "sesame");
  }

  @AfterAll
  static void stop() {
    if (redis != null) {
      redis.close();
    }
  }

  @Test
  void aTrustedCertificateIsAccepted() throws Exception {
    try (Service service =
        Service.start(
            settings(
                Map.of(
                    "javax.net.ssl.trustStore",
                    folder.resolve("trusted.p12").toString(),
                    "javax.net.ssl.trustStorePassword",
                    "changeit")))) {
      await().until(() -> metrics(service).contains("glimpse_redis_connected 1.0"));
      assertThat(service.log()).doesNotContain("WARN", "sesame");
    }
  }

  @Test
  void anUnknownCertificateIsRefused() throws Exception {
    try (Service service = Service.start(settings(Map.of()))) {
      await().until(() -> service.log().contains("Redis"));
      assertThat(service.status("/models")).isEqualTo(200);
      assertThat(service.log()).contains("it cannot be reached (").doesNotContain("sesame");
    }
  }

  private static String metrics(Service service) throws Exception {
    URI address = URI.create("http://localhost:%d/q/metrics".formatted(service.port()));
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private static Map<String, String> settings(Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("glimpse.models.path", Fixtures.MODELS.toAbsolutePath().toString());
    settings.put("glimpse.models.default", "colors");
    settings.put("glimpse.redis.url", "rediss://:sesame@localhost:" + PORT);
    settings.put("glimpse.http.rate", "1000/s");
    return settings;
  }
}
