package dev.glimpse.api.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.support.Fixtures;
import dev.glimpse.support.GuardedModels;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@TestProfile(GuardedModels.class)
class LiveAccessTest {

  private static String protocol(String key) {
    return "glimpse.key."
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(key.getBytes(StandardCharsets.UTF_8));
  }

  private static void assertAnswers(String... headers) throws Exception {
    try (LiveClient client = new LiveClient(RestAssured.port, "", headers)) {
      client.send(Files.readAllBytes(Fixtures.RESOURCES.resolve("images").resolve("red.jpg")));
      assertThat(client.next().has("predictions")).isTrue();
      assertThat(client.protocol()).isIn("", "glimpse.live");
    }
  }

  private static void assertRefused(int status, String... headers) {
    assertThatThrownBy(() -> new LiveClient(RestAssured.port, "", headers))
        .isInstanceOfSatisfying(
            WebSocketHandshakeException.class,
            e -> assertThat(e.getResponse().statusCode()).isEqualTo(status));
  }

  @Test
  void aKeyMayComeInAHeaderOrAsASubprotocol() throws Exception {
    assertAnswers("Authorization", "Bearer " + GuardedModels.PREDICT);
    assertAnswers("X-API-Key", GuardedModels.PREDICT);
    assertAnswers("Sec-WebSocket-Protocol", protocol(GuardedModels.PREDICT));
    assertAnswers("Sec-WebSocket-Protocol", protocol(GuardedModels.token()));
  }

  @Test
  void withoutAKeyThatCountsThereIsNoConnection() {
    assertRefused(401);
    assertRefused(401, "Sec-WebSocket-Protocol", "glimpse.other");
    assertRefused(401, "Sec-WebSocket-Protocol", protocol("wrong"));
    assertRefused(401, "Sec-WebSocket-Protocol", "glimpse.key.!");
    assertRefused(
        401,
        "X-API-Key",
        "wrong",
        "Sec-WebSocket-Protocol",
        protocol(GuardedModels.PREDICT)); // two
    assertRefused(403, "Sec-WebSocket-Protocol", protocol(GuardedModels.OBSERVE));
  }

  /** Only a handshake may carry it so. */
  @ParameterizedTest
  @CsvSource({"/models", "/predict/live"})
  void otherRequestsMayNotUseTheSubprotocol(String path) {
    RestAssured.given()
        .header("Sec-WebSocket-Protocol", protocol(GuardedModels.PREDICT))
        .get(path)
        .then()
        .statusCode(401);
  }
}
