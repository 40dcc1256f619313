package dev.glimpse.api.kserve;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.TensorModels;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(TensorModels.class)
class V1ResourceTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  @Test
  void picturesGetTheirBestClasses() throws Exception {
    String body =
        "{\"instances\": [{\"b64\": \"%s\"}, {\"image\": {\"b64\": \"%s\"}}],"
                .formatted(base64("scene.png"), base64("blue.jpg"))
            + " \"parameters\": {\"top_k\": 6}}";
    JsonNode predictions = predict("colors", body);

    assertThat(predictions).hasSize(2);
    assertThat(predictions.at("/1/0/label").asText()).isEqualTo("blue");
    JsonNode alone =
        MAPPER
            .readTree(
                given()
                    .contentType("image/png")
                    .queryParam("top_k", 6)
                    .body(Fixtures.image("scene.png"))
                    .post("/predict")
                    .asString())
            .path("predictions");
    for (int i = 0; i < 6; i++) {
      assertThat(predictions.get(0).get(i).get("label")).isEqualTo(alone.get(i).get("label"));
      assertThat(predictions.get(0).get(i).get("index")).isEqualTo(alone.get(i).get("index"));
      assertThat(predictions.get(0).get(i).get("score").asDouble())
          .isCloseTo(alone.get(i).get("score").asDouble(), within(1e-5));
    }
  }

  @Test
  void whatElseIsSaidOfAPictureIsPassedOver() throws Exception {
    String body =
        "{\"instances\": [{\"b64\": \"%s\", \"key\": \"7\"}, {\"image_bytes\": {\"b64\": \"%s\", \"n\": 1}, \"key\": 8}]}"
            .formatted(base64("red.jpg"), base64("blue.jpg"));
    JsonNode predictions = predict("colors", body);
    assertThat(predictions.at("/0/0/label").asText()).isEqualTo("red");
    assertThat(predictions.at("/1/0/label").asText()).isEqualTo("blue");
  }

  @Test
  void aBodyMayBeCompressed() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write("{\"instances\": [3]}".getBytes(StandardCharsets.UTF_8));
    }
    Response response =
        given()
            .header("Content-Type", "application/json")
            .header("Content-Encoding", "gzip")
            .urlEncodingEnabled(false)
            .body(bytes.toByteArray())
            .post("/v1/models/lookup:predict");
    assertThat(response.asString()).isEqualTo("{\"predictions\":[[9.0,10.0,11.0]]}");
  }

  @Test
  void fiveClassesIfNobodySaysHowMany() throws Exception {
    String body = "{\"instances\": [{\"b64\": \"%s\"}]}".formatted(base64("red.jpg"));
    assertThat(predict("colors", body).get(0)).hasSize(5);
    assertThat(predict("colors/versions/1", body).get(0)).hasSize(5);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lookup | [3, 0] | [[9.0,10.0,11.0],[0.0,1.0,2.0]]",
        "lookup | [{\"number\": 1}] | [[3.0,4.0,5.0]]",
        "tabular | [{\"measures\": [1, 2], \"visits\": [4], \"member\": true}] |"
            + " [{\"score\":[22.0],\"class\":[1]}]",
        "tabular | [{\"member\": false, \"visits\": 0, \"measures\": [0.5, 0.25]}, {\"measures\":"
            + " [1, 2], \"visits\": 4, \"member\": true}] |"
            + " [{\"score\":[1.75],\"class\":[0]},{\"score\":[22.0],\"class\":[1]}]",
      })
  void tensorsGetTheirRows(String model, String instances, String expected) throws Exception {
    assertThat(predict(model, "{\"instances\": " + instances + "}").toString()).isEqualTo(expected);
  }

  @Test
  void aMillionOfThemIsOneTensor() throws Exception {
    String body = sendLarge("lookup", "{\"instances\": [" + "1,".repeat(999_999) + "2]}").body();
    assertThat(body)
        .startsWith("{\"predictions\":[[3.0,4.0,5.0],[3.0,4.0,5.0],")
        .endsWith(",[3.0,4.0,5.0],[6.0,7.0,8.0]]}")
        .hasSize("{\"predictions\":[]}".length() + 1_000_000 * "[3.0,4.0,5.0],".length() - 1);
  }

  @Test
  void aMillionThatDoNotFitAreRefusedAtTheFirst() throws Exception {
    HttpResponse<String> response =
        sendLarge("colors", "{\"instances\": [" + "0,".repeat(4_000_000) + "0]}");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(422);
    assertThat(response.body())
        .contains("instances[0] has the shape [], and the graph takes pixel_values");
  }

  @Test
  void aPictureMayComeAsATensor() throws Exception {
    String row = "[" + "0.5,".repeat(31) + "0.5]";
    String plane = "[" + (row + ",").repeat(31) + row + "]";
    String body = "{\"instances\": [[%s,%s,%s]]}".formatted(plane, plane, plane);
    JsonNode predictions = predict("colors", body);
    assertThat(predictions).hasSize(1);
    assertThat(predictions.get(0)).hasSize(6).allMatch(JsonNode::isNumber);
  }

  @Test
  void modelsSayHowTheyAre() throws Exception {
    assertThat(given().get("/v1/models").asString())
        .isEqualTo("{\"models\":[\"colors\",\"echo\",\"lookup\",\"tabular\"]}");
    JsonNode colors = MAPPER.readTree(given().get("/v1/models/colors").asString());
    assertThat(colors.path("ready").asBoolean()).isTrue();
    assertThat(colors.at("/model_version_status/1/version").asText()).isEqualTo("2");
    assertThat(colors.at("/model_version_status/1/state").asText()).isEqualTo("AVAILABLE");
    assertThat(colors.at("/model_version_status/1/status/error_code").asText()).isEqualTo("OK");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nothing | {} | 404 | no model",
        "colors/versions/x | {} | 400 | version must be",
        "colors | [] | 400 | object",
        "colors | {} | 400 | instances must hold",
        "colors | {\"instances\": {}} | 400 | instances must be an array",
        "colors | {\"instances\": [{\"b64\": \"§\"}]} | 400 | instances[0].b64 is not valid base64",
        "colors | {\"instances\": [{\"b64\": 1}]} | 400 | must be a string",
        "colors | {\"instances\": [{\"b64\": \"AAAA\"}]} | 415 | no image format",
        "colors | {\"instances\": [{\"b64\": \"AAAA\"}, [[1]]]} | 400 | all of one kind",
        "colors | {\"instances\": [{\"b64\": \"AAAA\"}, {}]} | 400 | all of one kind",
        "colors | {\"instances\": [{\"b64\": \"AAAA\"}], \"parameters\": {\"top_k\": 7}} | 400 |"
            + " top_k must be from 1 to 6",
        "colors | {\"instances\": [{\"b64\": \"AAAA\"}], \"parameters\": {\"top_k\": 0}} | 400 |"
            + " top_k must be from 1 to 6",
        "colors | {\"instances\": [[1, 2]]} | 422 | takes pixel_values float[?,3,32,32]",
        "colors | {\"instances\": [{\"pixels\": [1]}]} | 400 | is no input",
        "colors | {\"instances\": [{\"b64\": \"AAAA\", \"image\": {\"b64\": \"AAAA\"}}, {}]} | 400"
            + " | and instances[0] is not",
        "colors | {\"instances\": [{}, {\"b64\": \"AAAA\", \"image\": {\"b64\": \"AAAA\"}}]} | 400"
            + " | must hold images",
        "tabular | {\"instances\": [{\"visits\": 1}, {\"visits\": 1, \"measures\": [1, 2]}]} | 400"
            + " | and instances[1] is not",
        "tabular | {\"instances\": [{\"visits\": 1, \"key\": \"7\"}]} | 400 | key is no input",
        "lookup | {\"inputs\": [3]} | 400 | send \"instances\"",
        "colors | {\"instances\": [{}]} | 400 | must hold images",
        "colors | {\"instances\": [{\"b64\": null}]} | 400 | must hold images",
        "colors | {\"instances\": [{\"image\": {}}]} | 400 | must hold images",
        "colors | {\"instances\": [{\"a\": {\"b\": {\"b64\": \"AAAA\"}}}]} | 400 | instances[0].a"
            + " may hold an image",
        "colors | {\"instances\": [{\"a\": {\"pixel_values\": [1]}}]} | 400 | instances[0].a may"
            + " hold an image",
        "tabular | {\"instances\": [{}]} | 400 | must hold tensors: measures float[?,2]",
        "tabular | {\"instances\": [{\"visits\": {\"b64\": \"AAAA\"}}]} | 400 | instances[0].visits"
            + " must be an array",
        "tabular | {\"instances\": [1]} | 400 | must be an object with the inputs",
        "tabular | {\"instances\": [{\"b64\": \"AAAA\"}]} | 400 | is no input",
        "tabular | {\"instances\": [{\"visits\": 1}]} | 422 | measures float[?,2]",
        "lookup | {\"instances\": [[1, 2], [1]]} | 422 | instances[0] has the shape [2], and the"
            + " graph takes number int64[?]",
        "lookup | {\"instances\": [[]]} | 422 | instances[0] has the shape [0]",
        "tabular | {\"instances\": [{\"measures\": [1, 2, 3]}]} | 422 | has the shape [3]",
        "tabular | {\"instances\": [{\"measures\": [1, [2]]}]} | 400 | nested",
        "echo | {\"instances\": [{\"int8\": []}]} | 422 | has the shape [0]",
        "echo | {\"instances\": [{\"int8\": [1, 2]}, {\"int8\": [1]}]} | 400 | same shape",
        "lookup | {\"instances\": [1, null]} | 400 | whole numbers",
        "lookup | {\"instances\": [9]} | 422 | cannot be run",
        "lookup | {\"instances\": [1 | 400 | line 1",
      })
  void whatCannotBePredictedIsSaid(String model, String body, int status, String sentence) {
    Response response = post(model, body);
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(status);
    assertThat(response.contentType()).startsWith("application/json");
    assertThat(response.jsonPath().getString("error")).contains(sentence);
  }

  /** TensorFlow Serving's documentation asks with {@code curl -d}, which says that it is a form. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/x-www-form-urlencoded",
        "text/plain; charset=utf-8",
        "application/octet-stream",
        "application/vnd.kserve+json",
        "multipart/form-data; boundary=x",
        ""
      })
  void whateverTheTypeTheBodyIsJson(String type) throws Exception {
    for (String door : new String[] {"lookup", "lookup/versions/1"}) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(
                  URI.create(
                      "http://localhost:%d/v1/models/%s:predict".formatted(RestAssured.port, door)))
              .POST(HttpRequest.BodyPublishers.ofString("{\"instances\": [3, 0]}"));
      if (!type.isEmpty()) {
        request.header("Content-Type", type);
      }
      String answer =
          HttpClient.newHttpClient()
              .send(request.build(), HttpResponse.BodyHandlers.ofString())
              .body();
      assertThat(answer).isEqualTo("{\"predictions\":[[9.0,10.0,11.0],[0.0,1.0,2.0]]}");
    }
  }

  @Test
  void aFormIsNoJson() {
    Response refused =
        given()
            .urlEncodingEnabled(false)
            .multiPart("file", "a.png", Fixtures.image("scene.png"))
            .post("/v1/models/colors:predict");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.jsonPath().getString("error")).contains("not JSON");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE"})
  void jsonIsUtf8(String charset) throws Exception {
    Response response = post("lookup", "{\"instances\": [3]}".getBytes(charset));
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(400);
    assertThat(response.jsonPath().getString("error")).contains("must be UTF-8");
  }

  @Test
  void jsonMayBeginWithAByteOrderMark() throws Exception {
    assertThat(predict("lookup", "\uFEFF{\"instances\": [0, 1]}").toString())
        .isEqualTo("[[0.0,1.0,2.0],[3.0,4.0,5.0]]");
  }

  private static JsonNode predict(String model, String body) throws Exception {
    Response response = post(model, body);
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(200);
    assertThat(response.contentType()).startsWith("application/json");
    return MAPPER.readTree(response.asString()).path("predictions");
  }

  private static Response post(String model, String body) {
    return post(model, body.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends what takes REST Assured many seconds. */
  private static HttpResponse<String> sendLarge(String model, String body) throws Exception {
    URI address =
        URI.create("http://localhost:%d/v1/models/%s:predict".formatted(RestAssured.port, model));
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static Response post(String model, byte[] body) {
    return given()
        .header("Content-Type", "application/json")
        .urlEncodingEnabled(false)
        .body(body)
        .post("/v1/models/" + model + ":predict");
  }

  private static String base64(String image) {
    return Base64.getEncoder().encodeToString(Fixtures.image(image));
  }

  @Test
  void explainsImages() {
    String body =
        """
        {"instances": [{"b64": "%s"}, {"image_bytes": {"b64": "%s"}}], "parameters": {"class": "blue", "top_k": 2}}
        """
            .formatted(base64("blue.jpg"), base64("red.jpg"));
    Response answer = explain("/v1/models/colors:explain", body);

    assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
    JsonPath json = answer.jsonPath();
    assertThat(json.getList("predictions[0].label")).hasSize(2).startsWith("blue");
    assertThat(json.getList("predictions[1].label")).hasSize(2).startsWith("red");
    assertThat(json.getList("explanations.explained.label")).containsExactly("blue", "blue");
    assertThat(json.getList("explanations.method")).containsExactly("cam", "cam");
    assertThat(json.getList("explanations[1].map.values")).isNotEmpty();
    assertThat(explain("/v1/models/colors/versions/1:explain", body).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | must hold images",
        "{\"instances\": []} | must hold images",
        "{\"instances\": [[1, 2]]} | must be an object",
        "{\"instances\": [{\"key\": 7}]} | must hold one image",
        "{\"instances\": [{\"b64\": \"!\"}]} | is not valid base64",
        "{\"instances\": [{\"b64\": \"AAAA\"}], \"parameters\": {\"method\": \"lime\"}} | must be auto, cam",
        "{\"instances\": [{\"b64\": \"AAAA\"}], \"parameters\": {\"class\": []}} | must be an index",
      })
  void explainsNothingElse(String body, String words) {
    Response answer = explain("/v1/models/colors:explain", body);

    assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(400);
    assertThat(answer.jsonPath().getString("error")).contains(words);
  }

  private static Response explain(String path, String body) {
    return given().urlEncodingEnabled(false).body(body).post(path);
  }
}
