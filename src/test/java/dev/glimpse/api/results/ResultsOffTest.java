package dev.glimpse.api.results;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.ColorModels;
import dev.glimpse.support.Fixtures;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(ColorModels.class)
class ResultsOffTest {

  @Test
  void thePreferenceIsIgnored() {
    Response response =
        given()
            .header("Prefer", "respond-async")
            .contentType("image/jpeg")
            .body(Fixtures.image("red.jpg"))
            .post("/predict");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.header("Preference-Applied")).isNull();
    assertThat(response.jsonPath().getString("predictions[0].label")).isEqualTo("red");
  }

  @Test
  void thereAreNoResults() {
    Response response = given().get("/results/AAAAAAAAAAAAAAAAAAAAAA");

    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(response.asString()).contains("glimpse.results.enabled is false");
    assertThat(given().delete("/results/AAAAAAAAAAAAAAAAAAAAAA").statusCode()).isEqualTo(403);
  }
}
