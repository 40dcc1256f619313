package dev.glimpse.api.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glimpse.support.ColorModels;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.Polling;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.net.InetAddress;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(ColorModels.class)
class LiveTest {

  private static byte[] image(String name) throws Exception {
    return Files.readAllBytes(Fixtures.RESOURCES.resolve("images").resolve(name));
  }

  private static LiveClient connect(String query, String... headers) throws Exception {
    return new LiveClient(RestAssured.port, query, headers);
  }

  @Test
  void anAnswerIsThatOfPredictAndAsDocumented() throws Exception {
    JsonNode alone =
        new ObjectMapper()
            .readTree(
                RestAssured.given()
                    .contentType("image/jpeg")
                    .body(image("red.jpg"))
                    .post("/predict?top_k=2")
                    .asString());
    try (LiveClient client = connect("?top_k=2")) {
      client.send(image("red.jpg"));
      JsonNode answer = client.next();

      assertThat(LiveSchemas.faults("answer", answer)).isEmpty();
      assertThat(answer.get("frame").asInt()).isZero();
      assertThat(answer.get("predictions")).isEqualTo(alone.get("predictions"));
      assertThat(answer.get("model")).isEqualTo(alone.get("model"));
      assertThat(answer.get("version")).isEqualTo(alone.get("version"));
      List<String> names = new ArrayList<>(List.of("frame", "skipped"));
      alone.fieldNames().forEachRemaining(names::add);
      assertThat(answer.fieldNames()).toIterable().containsExactlyInAnyOrderElementsOf(names);
    }
  }

  @Test
  void eachFrameIsAnsweredInOrderOrSkippedForANewerOne() throws Exception {
    int frames = 60;
    try (LiveClient client = connect("")) {
      for (int i = 0; i < frames; i++) {
        client.send(image(i % 2 == 0 ? "red.jpg" : "green.jpg"));
      }
      int before = -1;
      while (before < frames - 1) {
        JsonNode answer = client.next();
        int frame = answer.get("frame").asInt();
        assertThat(frame - before - 1).isEqualTo(answer.get("skipped").asInt());
        assertThat(answer.at("/predictions/0/label").asText())
            .isEqualTo(frame % 2 == 0 ? "red" : "green");
        before = frame;
      }
    }
  }

  @Test
  void aBadFrameIsAProblemAndTheConnectionGoesOn() throws Exception {
    try (LiveClient client = connect("")) {
      client.send(image("truncated.jpg"));
      JsonNode problem = client.next();
      client.send(new byte[(1 << 20) + 1]);
      JsonNode tooLarge = client.next();
      client.send(new byte[0]);
      JsonNode empty = client.next();
      client.send(image("red.jpg"));
      JsonNode answer = client.next();

      for (JsonNode each : List.of(problem, tooLarge, empty)) {
        assertThat(LiveSchemas.faults("problem", each)).isEmpty();
      }
      assertThat(problem.at("/problem/status").asInt()).isEqualTo(422);
      assertThat(tooLarge.at("/problem/status").asInt()).isEqualTo(413);
      assertThat(empty.at("/problem/status").asInt()).isEqualTo(422);
      assertThat(answer.get("frame").asInt()).isEqualTo(3);
      assertThat(LiveSchemas.faults("answer", answer)).isEmpty();
    }
  }

  @Test
  void aFrameOfMoreThanTwiceTheSizeEndsItsConnectionOnly() throws Exception {
    try (LiveClient other = connect("");
        LiveClient client = connect("")) {
      try {
        client.send(new byte[3 << 20]);
        assertThat(client.closed()).isEqualTo(1009);
      } catch (java.util.concurrent.CompletionException e) {
        // The connection was reset while the frame was on its way.
        assertThat(e).hasRootCauseInstanceOf(java.io.IOException.class);
      }
      other.send(image("red.jpg"));

      assertThat(other.next().has("predictions")).isTrue();
    }
  }

  @Test
  void textIsNotAccepted() throws Exception {
    try (LiveClient client = connect("")) {
      client.sendText("{}");

      assertThat(client.closed()).isEqualTo(1003);
    }
  }

  @ParameterizedTest
  @CsvSource({"?top_k=0, 400", "?topk=3, 400", "?lang=!, 400", "?version=x, 400"})
  void aWrongParameterRefusesTheConnection(String query, int status) {
    assertThatThrownBy(() -> connect(query))
        .isInstanceOfSatisfying(
            WebSocketHandshakeException.class,
            e -> assertThat(e.getResponse().statusCode()).isEqualTo(status));
  }

  @Test
  void anUnknownModelIsAProblemOfEachFrame() throws Exception {
    try (LiveClient client = connect("?model=nothing")) {
      client.send(image("red.jpg"));

      assertThat(client.next().at("/problem/status").asInt()).isEqualTo(404);
    }
  }

  @Test
  void withoutAHandshakeItSaysWhatItIsFor() {
    RestAssured.get("/predict/live")
        .then()
        .statusCode(426)
        .header("Upgrade", "websocket")
        .header("Sec-WebSocket-Version", "13")
        .contentType("application/problem+json")
        .body("title", equalTo("Upgrade required"));
  }

  @ParameterizedTest
  @CsvSource({
    "Connection, keep-alive, 426",
    "Sec-WebSocket-Version, 12, 426",
    "Sec-WebSocket-Version, '', 426",
    "Sec-WebSocket-Key, c2hvcnQ=, 400",
    "Sec-WebSocket-Key, '', 400"
  })
  void aWrongHandshakeIsAProblem(String header, String value, int status) throws Exception {
    try (RawHandshake handshake = RawHandshake.with(RestAssured.port, header, value)) {
      assertThat(handshake.status()).isEqualTo(status);
      assertThat(handshake.headers()).contains("Content-Type: application/problem+json");
    }
  }

  @Test
  void aConnectionMayHaveMoreOptionsThanTheUpgrade() throws Exception {
    try (RawHandshake firefox =
        RawHandshake.with(RestAssured.port, "Connection", "keep-alive, Upgrade")) {
      assertThat(firefox.status()).isEqualTo(101);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Content-Length: 10", "Content-Length: 9000", "Transfer-Encoding: chunked"})
  void aHandshakeWithABodyIsRefusedAndHoldsNoConnection(String header) throws Exception {
    List<RawHandshake> open = new ArrayList<>();
    try {
      for (int i = 0; i < 20; i++) { // more than there may be connections
        RawHandshake handshake = new RawHandshake(RestAssured.port, header);
        open.add(handshake);
        assertThat(handshake.status()).isEqualTo(400);
      }
      try (LiveClient client = connect("")) {
        client.send(image("red.jpg"));
        assertThat(client.next().has("predictions")).isTrue();
      }
    } finally {
      for (RawHandshake each : open) {
        each.close();
      }
    }
  }

  @Test
  void pagesOfOtherOriginsMayNotConnect() throws Exception {
    assertThatThrownBy(() -> connect("", "Origin", "https://evil.test"))
        .isInstanceOfSatisfying(
            WebSocketHandshakeException.class,
            e -> assertThat(e.getResponse().statusCode()).isEqualTo(403));
    try (LiveClient own = connect("", "Origin", "http://localhost:" + RestAssured.port)) {
      own.send(image("red.jpg"));
      assertThat(own.next().has("predictions")).isTrue();
    }
  }

  @Test
  void thereIsALimitOfConnectionsAndANetworkHasHalfOfThem() throws Exception {
    List<AutoCloseable> open = new ArrayList<>();
    try {
      for (int i = 0; i < 8; i++) {
        open.add(connect(""));
      }
      assertThatThrownBy(() -> connect(""))
          .isInstanceOfSatisfying(
              WebSocketHandshakeException.class,
              e -> {
                assertThat(e.getResponse().statusCode()).isEqualTo(503);
                assertThat(e.getResponse().headers().firstValue("Retry-After")).isPresent();
              });
      for (int i = 0; i < 9; i++) {
        RawHandshake other = from(i < 8 ? "127.0.0.2" : "127.0.0.3");
        open.add(other);
        assertThat(other.status()).isEqualTo(i < 8 ? 101 : 503);
      }
    } finally {
      for (AutoCloseable each : open) {
        each.close();
      }
    }
    Polling.await().until(LiveTest::connects);
  }

  private static RawHandshake from(String address) throws Exception {
    return new RawHandshake(InetAddress.getByName(address), RestAssured.port);
  }

  private static boolean connects() {
    try (LiveClient again = connect("")) {
      return again.protocol().isEmpty();
    } catch (Exception e) {
      return false;
    }
  }

  @Test
  void framesCountAsRequests() throws Exception {
    String before = RestAssured.get("/q/metrics").asString();
    try (LiveClient client = connect("")) {
      client.send(image("red.jpg"));
      client.next();
    }
    String after = RestAssured.get("/q/metrics").asString();

    assertThat(requests(after)).isGreaterThan(requests(before));
  }

  private static double requests(String metrics) {
    return metrics
        .lines()
        .filter(line -> line.startsWith("glimpse_requests_total"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }
}
