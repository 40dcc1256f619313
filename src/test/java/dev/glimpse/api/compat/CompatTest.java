package dev.glimpse.api.compat;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.api.problem.Problem;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.TensorModels;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(TensorModels.class)
class CompatTest {

  private static final byte[] RED = Fixtures.image("red.jpg");

  @ParameterizedTest
  @ValueSource(strings = {"/models/colors", "/invocations"})
  void huggingFacesListOfLabels(String path) {
    for (String type : List.of("image/jpeg", "application/octet-stream", "application/x-image")) {
      assertRed(given().contentType(type).body(RED).post(path), 5);
    }
    String json =
        "{\"inputs\": \"%s\", \"parameters\": {\"top_k\": 2}}"
            .formatted(Base64.getEncoder().encodeToString(RED));
    assertRed(given().contentType("application/json").body(json).post(path), 2);
    assertRed(given().multiPart("file", "a.jpg", RED).post(path), 5);
  }

  /** As huggingface_hub has sent it before it said what it is, and as curl does. */
  @ParameterizedTest
  @ValueSource(strings = {"application/x-www-form-urlencoded", "application/octet-stream", ""})
  void jsonIsKnownByItsFirstByte(String type) throws Exception {
    String json = " \n{\"inputs\": \"%s\"}".formatted(Base64.getEncoder().encodeToString(RED));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create("http://localhost:%d/models/colors".formatted(RestAssured.port)))
            .POST(HttpRequest.BodyPublishers.ofString(json));
    if (!type.isEmpty()) {
      request.header("Content-Type", type);
    }
    HttpResponse<String> response =
        HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());

    assertThat(response.body()).startsWith("[{\"label\":\"red\"");
  }

  @Test
  void moreClassesThanThereAreAreAllOfThem() {
    assertRed(asHuggingFace("\"top_k\": 100"), 6);
  }

  @Test
  void scoresAreMadeAsAsked() {
    double own = score("");
    assertThat(score("\"function_to_apply\": null")).isEqualTo(own);
    assertThat(score("\"function_to_apply\": \"softmax\"")).isEqualTo(own);
    double logit = score("\"function_to_apply\": \"none\"");
    assertThat(logit).isGreaterThan(1);
    assertThat(score("\"function_to_apply\": \"sigmoid\""))
        .isCloseTo(1 / (1 + Math.exp(-logit)), Offset.offset(1e-6));
  }

  private static double score(String parameters) {
    Response response = asHuggingFace(parameters);
    assertRed(response, 5);
    return response.jsonPath().getDouble("[0].score");
  }

  private static Response asHuggingFace(String parameters) {
    return given()
        .contentType("application/json")
        .body(
            "{\"parameters\": {\"a\": [1], %s}, \"b\": {\"c\": 1}, \"inputs\": \"%s\"}"
                .formatted(parameters, Base64.getEncoder().encodeToString(RED))
                .replace(", }", "}"))
        .post("/models/colors");
  }

  private static void assertRed(Response response, int classes) {
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(200);
    assertThat(response.contentType()).startsWith("application/json");
    List<Map<String, Object>> labels = response.jsonPath().getList("");
    assertThat(labels).hasSize(classes).allMatch(label -> label.keySet().size() == 2);
    assertThat(labels.get(0)).containsEntry("label", "red").containsKey("score");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/predictions/colors", "/predictions/colors/2"})
  void torchServesScoresByLabel(String path) {
    String type = "text/plain"; // whatever a client says of it
    for (Response response :
        List.of(
            given().header("Content-Type", type).body(RED).post(path),
            given().multiPart("data", "a.jpg", RED).post(path),
            given().noContentType().body(RED).put(path), // as curl -T does
            given()
                .contentType("application/json")
                .body(Map.of("data", Base64.getEncoder().encodeToString(RED)))
                .post(path))) {
      assertThat(response.statusCode()).as(response.asString()).isEqualTo(200);
      Map<String, Float> scores = response.jsonPath().getMap("");
      assertThat(scores).hasSize(5);
      assertThat(scores.keySet()).startsWith("red");
    }
  }

  @Test
  void pingsAreAnswered() {
    assertThat(given().get("/ping").asString()).isEqualTo("{\"status\":\"Healthy\"}");
    assertThat(given().post("/ping").statusCode()).isEqualTo(200);
  }

  @Test
  void vertexAiFindsUsWhereItLooks() {
    assertThat(given().get("/v1/endpoints/7/deployedModels/8").statusCode()).isEqualTo(200);
    String json =
        "{\"instances\": [{\"b64\": \"%s\"}]}".formatted(Base64.getEncoder().encodeToString(RED));
    Response response =
        given()
            .contentType("application/json")
            .urlEncodingEnabled(false)
            .body(json)
            .post("/v1/endpoints/7/deployedModels/8:predict");
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(200);
    assertThat(response.jsonPath().getString("predictions[0][0].label")).isEqualTo("red");
  }

  @Test
  void theRestOfAnAddressIsStillOurs() {
    assertThat(given().get("/models/colors").jsonPath().getString("name")).isEqualTo("colors");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/models/nothing | image/jpeg | x | 404 | no model",
        "/models/tabular | image/jpeg | x | 400 | does not classify images",
        "/invocations | image/jpeg | x | 415 | no image format",
        "/invocations | application/json | { | 400 | JSON object",
        "/invocations | application/json | [] | 400 | JSON object",
        "/invocations | application/json | {} | 400 | inputs",
        "/invocations | application/json | {\"inputs\": \"§\"} | 400 | inputs is not valid base64",
        "/invocations | application/json | {\"inputs\": \"AAAA\", \"parameters\": {\"top_k\":"
            + " \"x\"}} | 400 | top_k",
        "/invocations | application/json | {\"inputs\": \"AAAA\", \"parameters\": {\"top_k\": 0}} |"
            + " 400 | top_k",
        "/invocations | application/json | {\"inputs\": \"AAAA\", \"parameters\": {\"top_k\":"
            + " 9999999999}} | 400 | top_k",
        "/invocations | application/json | {\"inputs\": \"AAAA\", \"parameters\":"
            + " {\"function_to_apply\": \"tanh\"}} | 400 | softmax",
        "/invocations | application/json | {\"inputs\": \"AAAA\"} {} | 400 | JSON object",
        "/invocations | application/json | {\"inputs\": \"AAAA\" | 400 | JSON object",
        "/predictions/nothing | image/jpeg | x | 404 | no model",
        "/predictions/colors/9 | image/jpeg | x | 404 | no version",
        "/predictions/colors/x | image/jpeg | x | 400 | version",
        "/predictions/colors | multipart/form-data; boundary=x | x | 400 | multipart",
      })
  void whatCannotBeToldIsAProblem(
      String path, String type, String body, int status, String sentence) {
    Response response = given().header("Content-Type", type).body(body.getBytes()).post(path);
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(status);
    assertThat(response.contentType()).isEqualTo(Problem.MEDIA_TYPE);
    assertThat(response.jsonPath().getString("detail")).contains(sentence);
  }
}
