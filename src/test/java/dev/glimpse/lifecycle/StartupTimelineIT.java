package dev.glimpse.lifecycle;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.metrics.StartupTimeline.Step;
import dev.glimpse.support.Fixtures;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Runs on the packaged service, which starts with {@link Main}. */
@QuarkusIntegrationTest
class StartupTimelineIT {

  /** An upper bound that only a wrong unit or clock exceeds. */
  private static final double MINUTE = 60;

  @Test
  @EnabledOnOs(OS.LINUX) // where a process's age is known
  void everyStepOfTheStartIsAMetric() {
    byte[] image = Fixtures.image("daisy.jpg");
    given().contentType("image/jpeg").body(image).post("/predict").then().statusCode(200);
    String metrics = given().get("/q/metrics").then().statusCode(200).extract().asString();

    for (Step step : EnumSet.allOf(Step.class)) {
      String line = "glimpse_start_seconds{step=\"" + step.tag() + "\"} ";
      assertThat(metrics).contains(line);
      String value =
          metrics.substring(metrics.indexOf(line) + line.length()).lines().findFirst().orElse("");
      assertThat(Double.parseDouble(value)).as(line).isBetween(0.0, MINUTE);
    }
  }
}
