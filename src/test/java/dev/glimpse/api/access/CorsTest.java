package dev.glimpse.api.access;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Fixtures;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import org.junit.jupiter.api.Test;

/** Browsers call the service from other origins by the settings of docs/security.md. */
@QuarkusTest
@TestProfile(RateFilterTest.Limited.class)
class CorsTest {

  private static final String ORIGIN = RateFilterTest.ORIGIN;

  @Test
  void preflightsNeedNoKey() {
    Response preflight = preflight(ORIGIN);
    assertThat(preflight.statusCode()).isEqualTo(200);
    assertThat(preflight.header("Access-Control-Allow-Origin")).isEqualTo(ORIGIN);
    assertThat(preflight.header("Access-Control-Allow-Methods")).contains("POST");
    assertThat(preflight.header("Access-Control-Allow-Headers")).containsIgnoringCase("x-api-key");
  }

  @Test
  void otherOriginsAreRefused() {
    assertThat(preflight("https://evil.example.com").header("Access-Control-Allow-Origin"))
        .isNull();
    assertThat(predict("https://evil.example.com").statusCode()).isEqualTo(403);
  }

  @Test
  void scriptsMayReadTheHeadersThatTellThemSomething() {
    Response answer = predict(ORIGIN);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo(ORIGIN);
    assertThat(answer.header("Access-Control-Expose-Headers"))
        .contains("X-Request-ID", "Retry-After", "RateLimit-Remaining");
  }

  @Test
  void aRefusalCanBeReadByScriptsToo() {
    Response refused = given().header("Origin", ORIGIN).body("x").post("/predict");
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.header("Access-Control-Allow-Origin")).isEqualTo(ORIGIN);
  }

  @Test
  void responsesAreNotGuessedToBeScripts() {
    assertThat(predict(ORIGIN).header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(given().get("/q/health/live").header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(given().get("/models").header("X-Content-Type-Options")).isEqualTo("nosniff");
  }

  private static Response preflight(String origin) {
    return given()
        .header("Origin", origin)
        .header("Access-Control-Request-Method", "POST")
        .header("Access-Control-Request-Headers", "x-api-key,content-type")
        .options("/predict");
  }

  private static Response predict(String origin) {
    return given()
        .header("Origin", origin)
        .header("X-API-Key", RateFilterTest.PAGE)
        .contentType("image/jpeg")
        .body(Fixtures.image("red.jpg"))
        .post("/predict");
  }
}
