package dev.glimpse.api.management;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.startsWith;

import dev.glimpse.support.Fixtures;
import dev.glimpse.support.RareSettings;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(RareSettings.class)
class ManagementPortTest {

  /** Opens a management port, any that is free. */
  @Inject ManagementPort port;

  private RequestSpecification onManagementPort() {
    return given().urlEncodingEnabled(false).port(port.number().getAsInt());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/q/health",
        "/q/health/live",
        "/q/health/ready",
        "/q/health/started",
        "/q/metrics",
        "/q/openapi",
        "/q/openapi.json"
      })
  void whatOperatorsReadIsOnItsPortAlone(String path) {
    onManagementPort().get(path).then().statusCode(200);

    assertIsNotHere(given().get(path));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/q/../q/metrics", "//q/metrics", "/%71/metrics", "/models/../q/metrics"})
  void otherSpellingsAreNotOnThePortOfTheService(String path) {
    assertThat(given().urlEncodingEnabled(false).get(path).statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/models", "/models/colors", "/health", "/ping", "/q/../models", "/qq"})
  void nothingElseIsOnTheManagementPort(String path) {
    assertIsNotHere(onManagementPort().get(path));
  }

  @Test
  void imagesAreClassifiedOnThePortOfTheServiceAlone() {
    byte[] image = Fixtures.image("red.jpg");
    given().contentType("image/jpeg").body(image).post("/predict").then().statusCode(200);

    assertIsNotHere(onManagementPort().contentType("image/jpeg").body(image).post("/predict"));
  }

  @Test
  void probesOfTheDialectsStayOnThePortOfTheService() {
    for (String path : new String[] {"/health", "/ping", "/v2/health/live", "/v2/health/ready"}) {
      given().get(path).then().statusCode(200);
    }
  }

  @Test
  void theOpenInferenceProtocolHasItsOwnErrors() {
    onManagementPort()
        .get("/v2/models/colors")
        .then()
        .statusCode(404)
        .body("error", startsWith("There is no such endpoint on this port"));
  }

  private static void assertIsNotHere(Response response) {
    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.contentType()).startsWith("application/problem+json");
    assertThat(response.jsonPath().getString("detail"))
        .isEqualTo("There is no such endpoint on this port; another has it.");
  }
}
