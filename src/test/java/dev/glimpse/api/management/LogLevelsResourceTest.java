package dev.glimpse.api.management;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.glimpse.support.ChangingModels;
import dev.glimpse.support.LogLines;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.specification.RequestSpecification;
import java.util.Map;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(ChangingModels.class)
class LogLevelsResourceTest {

  private static final String PATH = "/q/log/levels";
  private static final Logger CHANGED = Logger.getLogger("dev.glimpse.remote.Changed");

  @Test
  void administratorChangesALevel() {
    try (LogLines log = LogLines.of("dev.glimpse.log-levels")) {
      admin()
          .queryParams("category", "dev.glimpse.remote", "level", "DEBUG")
          .put(PATH)
          .then()
          .statusCode(200)
          .body("levels", equalTo(Map.of("dev.glimpse.remote", "DEBUG")));
      assertThat(CHANGED.isDebugEnabled()).isTrue();
      admin()
          .get(PATH)
          .then()
          .statusCode(200)
          .body("levels", equalTo(Map.of("dev.glimpse.remote", "DEBUG")));
      admin()
          .queryParams("category", "dev.glimpse.remote", "level", "DEFAULT")
          .put(PATH)
          .then()
          .statusCode(200)
          .body("levels", equalTo(Map.of()));
      assertThat(CHANGED.isDebugEnabled()).isFalse();
      assertThat(log.lines())
          .containsExactly(
              "INFO The level of dev.glimpse.remote is now DEBUG, set by admin-token",
              "INFO The level of dev.glimpse.remote is now DEFAULT, set by admin-token");
    }
  }

  @Test
  void othersAreRefused() {
    for (String token : new String[] {"Bearer wrong-wrong-wrong-wrong", ""}) {
      given().header("Authorization", token).get(PATH).then().statusCode(401);
      given()
          .header("Authorization", token)
          .queryParams("category", "dev.glimpse", "level", "OFF")
          .put(PATH)
          .then()
          .statusCode(401);
    }
    given().post(PATH).then().statusCode(405).header("Allow", "GET, HEAD, PUT, OPTIONS");
  }

  @Test
  void invalidChangeIsAProblem() {
    admin()
        .queryParams("category", "org.jose4j", "level", "TRACE")
        .put(PATH)
        .then()
        .statusCode(400)
        .body("type", equalTo("urn:glimpse:problem:invalid-parameter"));
    admin().put(PATH).then().statusCode(400);
  }

  private static RequestSpecification admin() {
    return given().header("Authorization", "Bearer " + ChangingModels.TOKEN);
  }
}
