package dev.glimpse.api.openinference;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glimpse.support.TensorModels;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(TensorModels.class)
class MetadataResourceTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  @Test
  void theServerSaysWhatItIs() throws Exception {
    JsonNode server = get("/v2");
    assertThat(server.path("name").asText()).isEqualTo("glimpse");
    assertThat(server.path("version").asText()).isNotEmpty();
    assertThat(server.path("extensions").toString())
        .isEqualTo(
            "[\"binary_tensor_data\",\"classification\",\"model_repository\",\"model_configuration\"]");
    assertThat(get("/v2/")).isEqualTo(server);
  }

  @Test
  void aModelSaysWhatItTakesAndGives() throws Exception {
    JsonNode expected =
        MAPPER.readTree(
            """
            {"name": "tabular", "versions": ["1"], "platform": "onnx_onnxv1",
             "inputs": [
               {"name": "measures", "datatype": "FP32", "shape": [-1, 2]},
               {"name": "visits", "datatype": "INT64", "shape": [-1, 1]},
               {"name": "member", "datatype": "BOOL", "shape": [-1, 1]}],
             "outputs": [
               {"name": "score", "datatype": "FP32", "shape": [-1, 1]},
               {"name": "class", "datatype": "INT64", "shape": [-1, 1]}]}\
            """);
    assertThat(get("/v2/models/tabular")).isEqualTo(expected);
    assertThat(get("/v2/models/tabular/versions/1")).isEqualTo(expected);
    assertThat(get("/v2/models/colors").path("versions").toString()).isEqualTo("[\"1\",\"2\"]");
    assertThat(get("/v2/models/colors").path("inputs").toString())
        .contains("\"pixel_values\"", "[-1,3,32,32]");
  }

  /** As Triton's image_client wants it: a batch, three dimensions, and which of them is what. */
  @Test
  void aModelSaysItsConfigurationInTritonsWords() throws Exception {
    JsonNode expected =
        MAPPER.readTree(
            """
            {"name": "colors", "platform": "onnxruntime_onnx", "backend": "onnxruntime", "max_batch_size": 32,
             "input": [{"name": "pixel_values", "data_type": "TYPE_FP32", "format": "FORMAT_NCHW", "dims": [3, 32, 32]}],
             "output": [{"name": "logits", "data_type": "TYPE_FP32", "dims": [6]}]}\
            """);
    assertThat(get("/v2/models/colors/config")).isEqualTo(expected);
    assertThat(get("/v2/models/colors/versions/1/config")).isEqualTo(expected);
    JsonNode tabular = get("/v2/models/tabular/config");
    assertThat(tabular.path("max_batch_size").asInt()).isZero();
    assertThat(tabular.at("/input/2"))
        .isEqualTo(
            MAPPER.readTree(
                "{\"name\":\"member\",\"data_type\":\"TYPE_BOOL\",\"format\":\"FORMAT_NONE\",\"dims\":[-1,1]}"));
    assertThat(get("/v2/models/echo/config").findValuesAsText("data_type")).contains("TYPE_STRING");
  }

  @Test
  void whatIsServedIsReady() throws Exception {
    assertThat(get("/v2/health/live").toString()).isEqualTo("{\"live\":true}");
    assertThat(get("/v2/health/ready").toString()).isEqualTo("{\"ready\":true}");
    assertThat(get("/v2/models/echo/ready").path("ready").asBoolean()).isTrue();
    assertThat(get("/v2/models/colors/versions/2/ready").path("name").asText()).isEqualTo("colors");
  }

  @Test
  void modelsThatTakeTensorsOnlyAreListedWithTheOthers() throws Exception {
    JsonNode version = get("/models/tabular").at("/versions/0");
    assertThat(version.path("classes").asInt()).isZero();
    assertThat(version.path("languages")).isEmpty();
    assertThat(version.path("input").asText())
        .isEqualTo("measures float[?,2], visits int64[?,1], member bool[?,1]");
    assertThat(version.path("output").asText()).isEqualTo("score float[?,1], class int64[?,1]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"load", "unload"})
  void whatIsServedIsNotChangedUnlessThatIsSwitchedOn(String change) {
    Response refused = given().post("/v2/repository/models/colors/" + change);
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.jsonPath().getString("error")).contains("glimpse.repository.control");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "{\"ready\": true}"})
  void theIndexListsEveryVersion(String body) throws Exception {
    Response response =
        given().contentType("application/json").body(body).post("/v2/repository/index");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(MAPPER.readTree(response.asString()).valueStream())
        .hasSize(5)
        .contains(
            MAPPER.readTree(
                "{\"name\":\"colors\",\"version\":\"2\",\"state\":\"READY\",\"reason\":\"\"}"));
  }

  @ParameterizedTest
  @ValueSource(ints = {(64 << 10) + 1, 9 << 20})
  void theIndexReadsNoLargeBody(int bytes) {
    Response refused =
        given()
            .contentType("application/json")
            .body("{\"ready\": true" + " ".repeat(bytes - 15) + "}")
            .post("/v2/repository/index");
    assertThat(refused.statusCode()).isEqualTo(413);
    assertThat(refused.jsonPath().getString("error")).contains("at most 65536");
  }

  @Test
  void theIndexReadsNoCompressedBody() {
    Response refused =
        given()
            .header("Content-Type", "application/json")
            .header("Content-Encoding", "gzip")
            .body(new byte[] {31, (byte) 139})
            .post("/v2/repository/index");
    assertThat(refused.statusCode()).isEqualTo(415);
    assertThat(refused.jsonPath().getString("error")).contains("Content-Encoding");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /v2/models/nothing, 404",
    "GET, /v2/models/nothing/ready, 404",
    "GET, /v2/models/colors/versions/9, 404",
    "GET, /v2/models/colors/versions/latest, 400",
    "GET, /v2/models/colors/versions/9/ready, 404",
    "GET, /v2/models/nothing/config, 404",
    "GET, /v2/models/colors/versions/9/config, 404",
    "GET, /v2/models/colors/versions/latest/config, 400",
    "GET, /v2/nothing, 404",
    "GET, /v2/models/colors/infer, 405",
    "DELETE, /v2/models/colors, 405",
    "POST, /v2/health/live, 405",
  })
  void whatIsNotThereIsSaidInTheProtocolsWords(String method, String path, int status) {
    Response response = given().request(method, path);
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.contentType()).startsWith("application/json");
    assertThat(response.jsonPath().getString("error")).isNotEmpty();
    if (status == 405) {
      assertThat(response.header("Allow")).contains(path.endsWith("infer") ? "POST" : "GET");
    }
  }

  private static JsonNode get(String path) throws Exception {
    Response response = given().get(path);
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(200);
    assertThat(response.contentType()).startsWith("application/json");
    return MAPPER.readTree(response.asString());
  }
}
