package dev.glimpse.api.compat;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Fixtures;
import dev.glimpse.support.RareSettings;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Vertex AI's examples choose addresses that other servers have, and so do we. */
@QuarkusTest
@TestProfile(RareSettings.class)
class VertexRoutesTest {

  @Test
  void health() {
    assertThat(given().get("/ping").asString()).isEqualTo("{\"status\":\"Healthy\"}");
  }

  @Test
  void predict() {
    Response response = post("/v1/models/colors:predict");
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(200);
    assertThat(response.jsonPath().getString("predictions[0][0].label")).isEqualTo("red");
  }

  @Test
  void anAddressIsTakenLiterally() {
    assertThat(post("/v1/models/colors2:predict").statusCode()).isEqualTo(404);
    assertThat(post("/v1/models/colorsXpredict").statusCode()).isEqualTo(405);
  }

  private static Response post(String path) {
    String picture = Base64.getEncoder().encodeToString(Fixtures.image("red.jpg"));
    return given()
        .contentType("application/json")
        .urlEncodingEnabled(false)
        .body(Map.of("instances", List.of(Map.of("b64", picture))))
        .post(path);
  }
}
