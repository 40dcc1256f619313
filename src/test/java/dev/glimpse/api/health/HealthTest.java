package dev.glimpse.api.health;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;

import dev.glimpse.api.health.HealthResource.Health;
import dev.glimpse.support.ColorModels;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@TestProfile(ColorModels.class)
class HealthTest {

  @ParameterizedTest
  @CsvSource({
    "started, started",
    "ready, models",
    "ready, accepting-requests",
    "live, workers",
  })
  void probes(String probe, String check) {
    given()
        .get("/q/health/" + probe)
        .then()
        .statusCode(200)
        .body("status", is("UP"))
        .body("checks.name", hasItem(check));
  }

  @Test
  void allOfThem() {
    given()
        .get("/q/health")
        .then()
        .statusCode(200)
        .body(
            "checks.name", containsInAnyOrder("started", "models", "accepting-requests", "workers"))
        .body(
            "checks.find { it.name == 'models' }.data.jpeg",
            matchesPattern("TurboJPEG [23]|ImageIO|not read"));
  }

  @Test
  void forPeople() {
    Health health = given().get("/health").then().statusCode(200).extract().as(Health.class);

    assertThat(health.status()).isEqualTo("UP");
    assertThat(health.modelLoaded()).isTrue();
    assertThat(health.models()).contains("colors", "colors-softmax");
  }
}
