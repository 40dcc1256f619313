package dev.glimpse.api.results;

import static dev.glimpse.support.Polling.await;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Fixtures;
import dev.glimpse.support.GuardedModels;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(GuardedModels.class)
class ResultsResourceTest {

  private static final byte[] RED = Fixtures.image("red.jpg");

  private static RequestSpecification as(String key) {
    return given().header("X-API-Key", key);
  }

  private static RequestSpecification later() {
    return as(GuardedModels.PREDICT).header("Prefer", "respond-async, wait=5");
  }

  private static Response fetch(String location) {
    return as(GuardedModels.PREDICT).get(location);
  }

  /** Waits until a job is finished. */
  private static Response finished(String location) {
    await().until(() -> fetch(location).statusCode() != 202);
    return fetch(location);
  }

  private static String accepted(Response response) {
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(202);
    assertThat(response.header("Preference-Applied")).isEqualTo("respond-async");
    assertThat(Integer.parseInt(response.header("Retry-After"))).isBetween(1, 30);
    String location = response.header("Location");
    assertThat(location).matches("/results/[A-Za-z0-9_-]{22}");
    assertThat(response.jsonPath().getString("status")).isEqualTo("pending");
    assertThat(location).endsWith(response.jsonPath().getString("id"));
    return location;
  }

  private static Map<String, Object> withoutTimes(Response response) {
    Map<String, Object> body = response.jsonPath().getMap("");
    body.remove("timing");
    body.remove("id");
    return body;
  }

  @Test
  void theResultIsTheResponse() {
    Response now =
        as(GuardedModels.PREDICT)
            .contentType("image/jpeg")
            .body(RED)
            .post("/predict?top_k=2&lang=zh");
    Response answer =
        later()
            .header("X-Request-ID", "request-of-a-test")
            .contentType("image/jpeg")
            .body(RED)
            .post("/predict?top_k=2&lang=zh");
    Response later = finished(accepted(answer));

    assertThat(later.statusCode()).isEqualTo(200);
    assertThat(later.contentType()).startsWith("application/json");
    assertThat(later.header("Content-Language")).isEqualTo("zh");
    assertThat(later.header("Cache-Control")).isEqualTo("no-store");
    assertThat(later.jsonPath().getString("id")).isEqualTo("request-of-a-test");
    assertThat(withoutTimes(later)).isEqualTo(withoutTimes(now));
  }

  @Test
  void formsAndJsonAreAcceptedToo() {
    Response form =
        later().multiPart("file", "a.jpg", RED).multiPart("top_k", "1").post("/predict");
    Response json =
        later()
            .contentType("application/json")
            .body(Map.of("image", Map.of("b64", base64(RED)), "top_k", 1))
            .post("/predict");

    assertThat(finished(accepted(form)).jsonPath().getList("predictions")).hasSize(1);
    assertThat(finished(accepted(json)).jsonPath().getString("predictions[0].label"))
        .isEqualTo("red");
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  @Test
  void aBatchMayHoldMoreImagesThanOneThatIsAnsweredAtOnce() {
    List<String> images = List.of("red.jpg", "truncated.jpg", "blue.jpg");
    RequestSpecification request = later();
    for (String image : Collections.nCopies(6, images).stream().flatMap(List::stream).toList()) {
      request.multiPart("file", image, Fixtures.image(image));
    }
    Response later = finished(accepted(request.post("/predict/batch")));

    assertThat(later.jsonPath().getList("results")).hasSize(18);
    assertThat(later.jsonPath().getString("results[0].predictions[0].label")).isEqualTo("red");
    assertThat(later.jsonPath().getInt("results[16].status")).isEqualTo(422);
    assertThat(later.jsonPath().getString("results[17].predictions[0].label")).isEqualTo("blue");
    assertThat(later.jsonPath().getString("results[17].id"))
        .isEqualTo(later.jsonPath().getString("id"));
  }

  @Test
  void tooManyImagesAreRefusedAtOnce() {
    RequestSpecification request = later();
    for (int i = 0; i < 21; i++) {
      request.multiPart("file", i + ".jpg", RED);
    }
    Response refused = request.post("/predict/batch");

    assertThat(refused.statusCode()).isEqualTo(413);
    assertThat(refused.asString()).contains("21 images; at most 20");
  }

  @Test
  void theProblemOfAnImageIsItsResult() {
    Response answer =
        later().contentType("image/jpeg").body(Fixtures.image("truncated.jpg")).post("/predict");
    Response later = finished(accepted(answer));

    assertThat(later.statusCode()).isEqualTo(422);
    assertThat(later.contentType()).startsWith("application/problem+json");
    assertThat(later.jsonPath().getString("type"))
        .isEqualTo("urn:glimpse:problem:unreadable-image");
  }

  @ParameterizedTest
  @CsvSource({
    "top_k=0, image/jpeg, 400",
    "top_k=99, image/jpeg, 400",
    "topk=3, image/jpeg, 400",
    "lang=xx, image/jpeg, 400",
    "model=nosuch, image/jpeg, 404",
    "version=77, image/jpeg, 404",
    "top_k=1, application/json, 400",
    "top_k=1, multipart/form-data; boundary=x, 400",
    "top_k=1, text/plain, 415"
  })
  void whatIsWrongWithTheRequestIsSaidAtOnce(String query, String type, int status) {
    String now = problem(as(GuardedModels.PREDICT), query, type, status);

    assertThat(problem(later(), query, type, status)).isEqualTo(now);
  }

  private static String problem(
      RequestSpecification request, String query, String type, int status) {
    Response response =
        request
            .header("X-Request-ID", "request-of-a-test")
            .config(
                io.restassured.RestAssured.config()
                    .encoderConfig(
                        io.restassured.config.EncoderConfig.encoderConfig()
                            .encodeContentTypeAs(type, io.restassured.http.ContentType.TEXT)))
            .contentType(type)
            .body(RED)
            .post("/predict?" + query);
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(status);
    return response.asString();
  }

  @Test
  void onlyTheCallerAndAdministratorsFindAResult() {
    String location = accepted(later().contentType("image/jpeg").body(RED).post("/predict"));
    finished(location);

    assertThat(given().get(location).statusCode()).isEqualTo(401);
    assertThat(as(GuardedModels.OBSERVE).get(location).statusCode()).isEqualTo(403);
    assertThat(as(GuardedModels.ADMIN).get(location).statusCode()).isEqualTo(200);

    String ofAdmin =
        accepted(
            as(GuardedModels.ADMIN)
                .header("Prefer", "respond-async")
                .contentType("image/jpeg")
                .body(RED)
                .post("/predict"));
    assertThat(fetch(ofAdmin).statusCode()).isEqualTo(404);
    assertThat(as(GuardedModels.PREDICT).delete(ofAdmin).statusCode()).isEqualTo(404);
    assertThat(as(GuardedModels.ADMIN).get(ofAdmin).statusCode()).isIn(200, 202);
  }

  @Test
  void aDeletedResultIsNotFound() {
    String location = accepted(later().contentType("image/jpeg").body(RED).post("/predict"));

    assertThat(as(GuardedModels.PREDICT).delete(location).statusCode()).isEqualTo(204);
    assertThat(fetch(location).statusCode()).isEqualTo(404);
    assertThat(as(GuardedModels.PREDICT).delete(location).statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"AAAAAAAAAAAAAAAAAAAAAA", "1", "%2e%2e%2fetc"})
  void unknownIds(String id) {
    Response response = as(GuardedModels.PREDICT).urlEncodingEnabled(false).get("/results/" + id);

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.contentType()).startsWith("application/problem+json");
  }

  @Test
  void withoutThePreferenceItIsAnsweredAtOnce() {
    Response response =
        as(GuardedModels.PREDICT)
            .header("Prefer", "handling=lenient")
            .contentType("image/jpeg")
            .body(RED)
            .post("/predict");

    assertThat(response.statusCode()).isEqualTo(200);
  }

  @Test
  void whatCanNeverBeKeptIsTooLarge() {
    Response refused = later().contentType("image/jpeg").body(new byte[1 << 21]).post("/predict");

    assertThat(refused.statusCode()).as(refused.asString()).isEqualTo(413);
  }

  @Test
  void theLabelsOfTheQueryHoldLater() {
    String location =
        accepted(
            later()
                .queryParam("labels", "red")
                .contentType("image/jpeg")
                .body(RED)
                .post("/predict"));

    assertThat(finished(location).jsonPath().getList("predictions.label"))
        .isEqualTo(List.of("red"));
  }
}
