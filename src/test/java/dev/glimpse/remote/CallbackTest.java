package dev.glimpse.remote;

import static dev.glimpse.support.Polling.await;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.GuardedModels;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Results that are sent to a host that the operator has named, and to no other. */
@QuarkusTest
@TestProfile(GuardedModels.class)
class CallbackTest {

  private static final byte[] RED = Fixtures.image("red.jpg");

  private static final Queue<String> RECEIVED = new ConcurrentLinkedQueue<>();
  private static HttpServer server;

  @BeforeAll
  static void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 8);
    server.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          RECEIVED.add(exchange.getRequestURI() + " " + body);
          boolean first = RECEIVED.size() == 1;
          if (first) {
            exchange.getResponseHeaders().add("Location", "/elsewhere");
          }
          exchange.sendResponseHeaders(first ? 503 : 200, -1);
          exchange.close();
        });
    server.start();
  }

  @AfterAll
  static void stop() {
    server.stop(0);
  }

  private static Response send(String callback) {
    return given()
        .header("X-API-Key", GuardedModels.PREDICT)
        .header("Prefer", "respond-async")
        .queryParam("callback", callback)
        .contentType("image/jpeg")
        .body(RED)
        .post("/predict");
  }

  @Test
  void theResultIsSentUntilItIsAcknowledged() {
    String callback = "http://127.0.0.1:%d/in?a=1".formatted(server.getAddress().getPort());
    Response accepted = send(callback);
    assertThat(accepted.statusCode()).as(accepted.asString()).isEqualTo(202);

    await().until(() -> RECEIVED.size() == 2);
    assertThat(RECEIVED)
        .allSatisfy(request ->
            assertThat(request)
                .startsWith("/in?a=1 {\"specversion\":\"1.0\"")
                .contains(accepted.jsonPath().getString("id"), "\"label\":\"red\""));
    Response result =
        given().header("X-API-Key", GuardedModels.PREDICT).get(accepted.header("Location"));
    assertThat(result.statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://example.com/",
        "https://example.com:8443/",
        "https://localhost/",
        "https://user@127.0.0.1/",
        "http://127.0.0.1:65536/",
        "ftp://127.0.0.1/",
        "127.0.0.1",
        ""
      })
  void addressesThatAreNotAllowedAreRefusedAtOnce(String callback) {
    Response refused = send(callback);

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.jsonPath().getString("violations[0].field")).isEqualTo("callback");
  }
}
