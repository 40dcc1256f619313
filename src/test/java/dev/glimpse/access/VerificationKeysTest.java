package dev.glimpse.access;

import static dev.glimpse.support.Polling.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.glimpse.failure.ServingException;
import dev.glimpse.support.Configs;
import dev.glimpse.support.Issuer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Fetches keys from a server that lets them be kept for a second. */
class VerificationKeysTest {

  private final AtomicInteger fetched = new AtomicInteger();
  private final Issuer before = new Issuer();
  private final Issuer after = new Issuer();
  private volatile int status = 200;
  private volatile String keys = before.keySet();
  private HttpServer server;
  private TokenVerifier tokens;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/jwks", this::answer);
    server.start();
    String url = "http://127.0.0.1:%d/jwks".formatted(server.getAddress().getPort());
    tokens =
        new TokenVerifier(
            Configs.of(Issuer.settings(url)).auth().jwt(),
            new VerificationKeys(
                url, System::nanoTime, Duration.ofMillis(100), Duration.ofSeconds(1)));
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    fetched.incrementAndGet();
    byte[] body = keys.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Cache-Control", "max-age=1");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Test
  void keysRemainInUseWhileTheIssuerIsAwayAndAreExchangedWhenItIsBack() {
    String old = before.token(Map.of());
    tokens.verify(old);
    assertThat(fetched).hasValue(1);

    status = 503;
    await()
        .until(() -> {
          tokens.verify(old); // at any time
          return fetched.get() == 3; // so it is tried again after a failure
        });

    keys = after.keySet();
    status = 200;
    await()
        .untilAsserted(() ->
            assertThatThrownBy(() -> tokens.verify(old)).isInstanceOf(ServingException.class));
    assertThat(tokens.verify(after.token(Map.of())).name()).isEqualTo("alice");
  }
}
