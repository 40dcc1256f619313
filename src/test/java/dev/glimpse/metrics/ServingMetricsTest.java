package dev.glimpse.metrics;

import static dev.glimpse.support.Polling.await;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;

import dev.glimpse.support.ColorModels;
import dev.glimpse.support.Fixtures;
import io.quarkus.test.junit.DisabledOnIntegrationTest;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(ColorModels.class)
class ServingMetricsTest {

  @Test
  void requestsAreCountedByModelAndOutcome() {
    double good = value("glimpse_requests_total{model=\"colors\",outcome=\"ok\",version=\"2\"}");
    double bad =
        value(
            "glimpse_requests_total{model=\"colors\",outcome=\"unreadable-image\",version=\"2\"}");
    double unknown =
        value("glimpse_requests_total{model=\"none\",outcome=\"unknown-model\",version=\"none\"}");

    predict("red.jpg", "colors");
    predict("red.jpg", "colors");
    predict("truncated.jpg", "colors");
    predict("red.jpg", "nothing");

    assertThat(value("glimpse_requests_total{model=\"colors\",outcome=\"ok\",version=\"2\"}"))
        .isEqualTo(good + 2);
    assertThat(
            value(
                "glimpse_requests_total{model=\"colors\",outcome=\"unreadable-image\",version=\"2\"}"))
        .isEqualTo(bad + 1);
    assertThat(
            value(
                "glimpse_requests_total{model=\"none\",outcome=\"unknown-model\",version=\"none\"}"))
        .isEqualTo(unknown + 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"queue", "decode", "preprocess", "inference", "request"})
  void eachStepIsAHistogram(String step) {
    String count = "glimpse_" + step + "_seconds_count{model=\"colors\",version=\"2\"}";
    double before = value(count);
    predict("red.jpg", "colors");

    assertThat(value(count)).isEqualTo(before + 1);
    assertThat(
            value(
                "glimpse_" + step + "_seconds_bucket{model=\"colors\",version=\"2\",le=\"+Inf\"}"))
        .isEqualTo(before + 1);
    assertThat(value("glimpse_" + step + "_seconds_sum{model=\"colors\",version=\"2\"}"))
        .isPositive();
  }

  @Test
  void predictionsAreShownByLabelAndScore() {
    String label = "glimpse_predictions_total{label=\"red\",model=\"colors\",version=\"2\"}";
    String scores = "glimpse_prediction_%s{model=\"colors\",version=\"2\"%s}";
    double before = value(label);
    double scored = value(scores.formatted("score_count", ""));
    predict("red.jpg", "colors");

    assertThat(value(label)).isEqualTo(before + 1);
    assertThat(value(scores.formatted("score_count", ""))).isEqualTo(scored + 1);
    assertThat(value(scores.formatted("score_bucket", ",le=\"+Inf\""))).isEqualTo(scored + 1);
    assertThat(value(scores.formatted("margin_bucket", ",le=\"+Inf\""))).isPositive();
  }

  /** Without buckets there are no quantiles. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/predict",
        "/predictions/colors",
        "/v1/models/colors:predict",
        "/v2/models/colors/infer",
        "/v2/models/colors/versions/1/infer",
        "/predict/batch",
        "/invocations"
      })
  void requestsOfEachEndpointAreAHistogram(String path) {
    given()
        .urlEncodingEnabled(false) // of the colon
        .contentType("image/jpeg")
        .body(Fixtures.image("red.jpg"))
        .post(path)
        .then()
        .statusCode(not(404)); // some take other bodies

    String uri =
        path.replaceFirst("colors:", "{model:[^/:]+}:")
            .replaceFirst("colors", "{model}")
            .replaceFirst("versions/1", "versions/{version}");
    // Requests are counted when the client has its response, or soon after.
    await()
        .untilAsserted(() -> {
          Map<String, Long> bucketsByOutcome = buckets(uri);
          assertThat(bucketsByOutcome).isNotEmpty();
          assertThat(bucketsByOutcome.values()).allMatch(buckets -> buckets == 12);
        });
  }

  /** Counts the buckets of an endpoint's histograms, one for each method, status and outcome. */
  private static Map<String, Long> buckets(String uri) {
    return metrics()
        .lines()
        .filter(line -> line.startsWith("http_server_requests_seconds_bucket{"))
        .filter(line -> line.contains("uri=\"" + uri + "\""))
        .collect(Collectors.groupingBy(line -> line.split("le=")[0], Collectors.counting()));
  }

  /** The first two are the headers of Prometheus 2 and 3; then a browser's, and curl's. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1 | openmetrics
          application/openmetrics-text;version=1.0.0;escaping=underscores;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1 | openmetrics
          application/openmetrics-text | openmetrics
          text/plain;version=0.0.4,application/openmetrics-text;q=0.5 | plain
          text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8 | plain
          text/plain | plain
          */* | openmetrics
          """)
  void formatIsTheOneThatIsAskedForFirst(String accept, String format) {
    given()
        .header("Accept", accept)
        .get("/q/metrics")
        .then()
        .statusCode(200)
        .contentType(containsString(format));
  }

  @Test
  void everyMeterIsDescribed() {
    predict("red.jpg", "colors");
    List<String> described = named("# HELP ");

    assertThat(described).hasSizeGreaterThan(50).containsAll(named("# TYPE "));
  }

  private static List<String> named(String comment) {
    return metrics()
        .lines()
        .filter(line -> line.startsWith(comment))
        .map(line -> line.substring(comment.length()).split(" ", 2))
        .filter(words -> !words[1].isBlank())
        .map(words -> words[0])
        .toList();
  }

  @Test
  void readinessIsShown() {
    assertThat(metrics()).contains("glimpse_ready 1.0", "glimpse_models_unservable 0.0");
  }

  @Test
  void runningAndWaitingRequestsAreShown() {
    assertThat(metrics())
        .contains(
            "glimpse_requests_in_flight 0.0",
            "glimpse_queue_depth 0.0",
            "glimpse_permits_taken 0.0",
            "glimpse_workers_stuck 0.0");
  }

  @Test
  void memoryKeptBetweenRequestsIsShown() {
    predict("red.jpg", "colors");

    assertThat(metrics())
        .contains("glimpse_image_memory_kept_bytes ", "glimpse_image_memory_lent_bytes 0.0");
    // One input of three channels, 32 by 32 pixels, 4 bytes each, at least.
    assertThat(value("glimpse_engine_inputs_bytes")).isGreaterThanOrEqualTo(3 * 32 * 32 * 4);
    assertThat(metrics()).as("the cache is off").doesNotContain("glimpse_cache");
  }

  @Test
  @DisabledOnIntegrationTest(
      value = "a native executable's platform has no beans of its buffers, nor metrics of them",
      forArtifactTypes = DisabledOnIntegrationTest.ArtifactType.NATIVE_BINARY)
  void inputsAreAmongTheBuffersOfTheJvm() {
    assertThat(value("jvm_buffer_memory_used_bytes{id=\"direct\"}"))
        .isGreaterThanOrEqualTo(value("glimpse_engine_inputs_bytes"));
  }

  @Test
  void loadTimeIsShown() {
    assertThat(value("glimpse_model_load_seconds{model=\"colors\",version=\"1\"}")).isPositive();
  }

  private static void predict(String image, String model) {
    given()
        .queryParam("model", model)
        .contentType("image/jpeg")
        .body(Fixtures.image(image))
        .post("/predict");
  }

  private static double value(String sample) {
    return metrics()
        .lines()
        .filter(line -> line.startsWith(sample + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(sample.length() + 1)))
        .findFirst()
        .orElse(0);
  }

  private static String metrics() {
    return given().get("/q/metrics").then().statusCode(200).extract().asString();
  }
}
