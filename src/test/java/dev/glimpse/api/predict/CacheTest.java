package dev.glimpse.api.predict;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.CachedModels;
import dev.glimpse.support.Fixtures;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With the cache on. Every test has a picture that no other asks about. */
@QuarkusTest
@TestProfile(CachedModels.class)
class CacheTest {

  @Test
  void theSameQuestionIsAnsweredFromTheCacheAndTheAnswerSaysSo() {
    String first = ask("red.jpg", "").extract().asString();
    PredictResponse second = ask("red.jpg", "").extract().as(PredictResponse.class);
    double inferences = value("glimpse_inference_seconds_count{model=\"colors\",version=\"2\"}");
    double requests = value("glimpse_request_seconds_count{model=\"colors\",version=\"2\"}");
    // Another kind of body, and what is left out said in full: the same question.
    PredictResponse form =
        given()
            .multiPart("file", "a.jpg", Fixtures.image("red.jpg"))
            .multiPart("top_k", "5")
            .multiPart("model", "colors")
            .multiPart("lang", "en")
            .post("/predict")
            .then()
            .statusCode(200)
            .extract()
            .as(PredictResponse.class);

    assertThat(first).doesNotContain("cached");
    assertThat(second.cached()).isTrue();
    assertThat(form.cached()).isTrue();
    assertThat(form.predictions()).isEqualTo(second.predictions());
    assertThat(form.id()).isNotEqualTo(second.id());
    assertThat(second.timing().decodeMs()).isZero();
    assertThat(second.timing().inferenceMs()).isZero();
    assertThat(second.timing().totalMs()).isPositive();
    assertThat(value("glimpse_inference_seconds_count{model=\"colors\",version=\"2\"}"))
        .isEqualTo(inferences);
    assertThat(value("glimpse_request_seconds_count{model=\"colors\",version=\"2\"}"))
        .isEqualTo(requests + 1);
  }

  @ParameterizedTest
  @CsvSource({
    "green.jpg, top_k=2",
    "green.jpg, lang=zh",
    "green.jpg, model=colors-sigmoid",
    "green.jpg, version=1",
    "yellow.png, top_k=6",
  })
  void anotherQuestionAboutTheSamePictureIsNot(String picture, String parameter) {
    ask(picture, "");
    assertThat(ask(picture, "?" + parameter).extract().as(PredictResponse.class).cached())
        .isFalse();
    assertThat(ask(picture, "?" + parameter).extract().as(PredictResponse.class).cached()).isTrue();
  }

  @Test
  void aRefusalIsNotKept() {
    double misses = value("glimpse_cache_lookups_total{result=\"miss\"}");
    for (int i = 0; i < 2; i++) {
      given()
          .contentType("image/jpeg")
          .body(Fixtures.image("truncated.jpg"))
          .post("/predict")
          .then()
          .statusCode(422);
    }
    assertThat(value("glimpse_cache_lookups_total{result=\"miss\"}")).isEqualTo(misses + 2);
  }

  @Test
  void theMetricsTellHitsFromMissesAndWhatIsHeld() {
    double hits = value("glimpse_cache_lookups_total{result=\"hit\"}");
    double misses = value("glimpse_cache_lookups_total{result=\"miss\"}");
    double entries = value("glimpse_cache_entries");
    double bytes = value("glimpse_cache_bytes");
    ask("blue.jpg", "?top_k=3");
    ask("blue.jpg", "?top_k=3");

    assertThat(value("glimpse_cache_lookups_total{result=\"hit\"}")).isEqualTo(hits + 1);
    assertThat(value("glimpse_cache_lookups_total{result=\"miss\"}")).isEqualTo(misses + 1);
    assertThat(value("glimpse_cache_entries")).isEqualTo(entries + 1);
    assertThat(value("glimpse_cache_bytes")).isGreaterThan(bytes);
  }

  private static ValidatableResponse ask(String picture, String query) {
    return given()
        .contentType("application/octet-stream")
        .body(Fixtures.image(picture))
        .post("/predict" + query)
        .then()
        .statusCode(200);
  }

  private static double value(String sample) {
    return given()
        .get("/q/metrics")
        .asString()
        .lines()
        .filter(line -> line.startsWith(sample + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(sample.length() + 1)))
        .findFirst()
        .orElse(0);
  }
}
