package dev.glimpse.api.openinference;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glimpse.api.tensorjson.Datatype;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.TensorModels;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.config.EncoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(TensorModels.class)
class InferResourceTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final List<String> COLORS =
      List.of("red", "green", "blue", "yellow", "black", "white");

  /** 2·1 + 3·2 + 4 visits + 10 as a member is 22; 2·0.5 + 3·0.25 is 1.75. */
  private static final String TABLE =
      """
      {"id": "row 7", "inputs": [
        {"name": "visits", "datatype": "INT64", "shape": [2, 1], "data": [4, 0]},
        {"name": "measures", "datatype": "FP32", "shape": [2, 2], "data": [1, 2, 0.5, 0.25]},
        {"name": "member", "datatype": "BOOL", "shape": [2, 1], "data": [true, false]}]}\
      """;

  /** REST Assured would encode a form. */
  private static final RestAssuredConfig AS_TEXT =
      RestAssured.config()
          .encoderConfig(
              EncoderConfig.encoderConfig()
                  .encodeContentTypeAs("application/x-www-form-urlencoded", ContentType.TEXT));

  @Test
  void aTableGoesInAndEveryOutputComesOut() throws Exception {
    JsonNode answer = infer("tabular", TABLE);

    assertThat(answer.path("model_name").asText()).isEqualTo("tabular");
    assertThat(answer.path("model_version").asText()).isEqualTo("1");
    assertThat(answer.path("id").asText()).isEqualTo("row 7");
    assertThat(answer.path("outputs").toString())
        .isEqualTo(
            "[{\"name\":\"score\",\"datatype\":\"FP32\",\"shape\":[2,1],\"data\":[22.0,1.75]},"
                + "{\"name\":\"class\",\"datatype\":\"INT64\",\"shape\":[2,1],\"data\":[1,0]}]");
  }

  @Test
  void dataMayBeNestedAndComeBeforeItsShape() throws Exception {
    String nested =
        """
        {"parameters": {"unknown": [1, {"a": 2}]}, "more": {"x": []}, "inputs": [
          {"data": [[4], [0]], "name": "visits", "datatype": "INT64", "shape": [2, 1]},
          {"data": [[1, 2], [0.5, 0.25]], "shape": [2, 2], "datatype": "FP32", "name": "measures"},
          {"name": "member", "shape": [2, 1], "data": [[1], [0]], "datatype": "BOOL"}],
         "outputs": [{"name": "class"}]}\
        """;
    JsonNode answer = infer("tabular", nested);

    assertThat(answer.has("id")).isFalse();
    assertThat(answer.path("outputs").toString())
        .isEqualTo("[{\"name\":\"class\",\"datatype\":\"INT64\",\"shape\":[2,1],\"data\":[1,0]}]");
  }

  @Test
  void tensorsInBinaryComeAfterTheJsonAndGoBackSo() throws Exception {
    ByteBuffer binary = ByteBuffer.allocate(32 + 2).order(ByteOrder.LITTLE_ENDIAN);
    binary.putFloat(1).putFloat(2).putFloat(0.5f).putFloat(0.25f).putLong(4).putLong(0);
    binary.put((byte) 1).put((byte) 0);
    String json =
        """
        {"inputs": [
          {"name": "measures", "datatype": "FP32", "shape": [2, 2], "parameters": {"binary_data_size": 16}},
          {"name": "visits", "datatype": "INT64", "shape": [2, 1], "parameters": {"binary_data_size": 16}},
          {"name": "member", "datatype": "BOOL", "shape": [2, 1], "parameters": {"binary_data_size": 2}}],
         "outputs": [{"name": "class", "parameters": {"binary_data": true}}, {"name": "score"}]}\
        """;
    Response response = binary("tabular", json, binary.array());

    assertThat(response.contentType()).isEqualTo("application/octet-stream");
    byte[] body = response.asByteArray();
    int length = Integer.parseInt(response.header("Inference-Header-Content-Length"));
    JsonNode answer = MAPPER.readTree(body, 0, length);
    assertThat(answer.at("/outputs/0/parameters/binary_data_size").asInt()).isEqualTo(16);
    assertThat(answer.at("/outputs/1/data").toString()).isEqualTo("[22.0,1.75]");
    ByteBuffer classes = ByteBuffer.wrap(body, length, body.length - length);
    classes.order(ByteOrder.LITTLE_ENDIAN);
    assertThat(classes.getLong()).isEqualTo(1);
    assertThat(classes.getLong()).isEqualTo(0);
    assertThat(classes.hasRemaining()).isFalse();
  }

  /** Each value in JSON comes back as it was; two of each type, the least and the greatest. */
  @Test
  void everyTypeOfElementComesBackAsItWent() throws Exception {
    Map<String, String> values =
        Map.of(
            "bool", "[true,false]",
            "int8", "[-128,127]",
            "int16", "[-32768,32767]",
            "int32", "[-2147483648,2147483647]",
            "int64", "[-9223372036854775808,9223372036854775807]",
            "uint8", "[0,255]",
            "float16", "[-65504.0,6.1035156E-5]",
            "float", "[1.4E-45,3.4028235E38]",
            "double", "[4.9E-324,1.7976931348623157E308]",
            "string", "[\"雏菊\",\"\"]");
    StringBuilder inputs = new StringBuilder();
    values.forEach((name, data) ->
        inputs.append(
            "%s{\"name\":\"%s\",\"datatype\":\"%s\",\"shape\":[1,2],\"data\":%s}"
                .formatted(
                    inputs.isEmpty() ? "" : ",", name, Datatype.ofOnnx(name).orElseThrow(), data)));
    String json = "{\"inputs\":[" + inputs + "]}";

    JsonNode answer = infer("echo", json);
    assertThat(answer.path("outputs")).hasSize(values.size());
    for (JsonNode output : answer.path("outputs")) {
      String name = output.path("name").asText().replace("same_", "");
      assertThat(output.path("datatype").asText())
          .isEqualTo(Datatype.ofOnnx(name).orElseThrow().name());
      assertThat(output.path("data").toString()).as(name).isEqualTo(values.get(name));
    }
  }

  @Test
  void whatIsNoNumberIsAString() throws Exception {
    String json =
        """
        {"inputs": [
          {"name": "measures", "datatype": "FP32", "shape": [1, 2], "data": [NaN, "-Infinity"]},
          {"name": "visits", "datatype": "INT64", "shape": [1, 1], "data": [0]},
          {"name": "member", "datatype": "BOOL", "shape": [1, 1], "data": [false]}],
         "outputs": [{"name": "score"}]}\
        """;
    assertThat(infer("tabular", json).at("/outputs/0/data").toString()).isEqualTo("[\"NaN\"]");
  }

  @Test
  void picturesInBinaryAreAnsweredWithTheScoresOfTheGraph() throws Exception {
    List<byte[]> files = List.of(Fixtures.image("red.jpg"), Fixtures.image("scene.png"));
    ByteArrayOutputStream binary = new ByteArrayOutputStream();
    for (byte[] file : files) {
      binary.writeBytes(
          ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(file.length).array());
      binary.writeBytes(file);
    }
    String json =
        "{\"inputs\":[{\"name\":\"pixel_values\",\"datatype\":\"BYTES\",\"shape\":[2],"
            + "\"parameters\":{\"binary_data_size\":%d}}]}".formatted(binary.size());
    JsonNode output =
        MAPPER.readTree(binary("colors", json, binary.toByteArray()).asString()).at("/outputs/0");

    assertThat(output.path("name").asText()).isEqualTo("logits");
    assertThat(output.path("datatype").asText()).isEqualTo("FP32");
    assertThat(output.path("shape").toString()).isEqualTo("[2,6]");
    for (int row = 0; row < files.size(); row++) {
      double[] scores = softmax(output.path("data"), row * COLORS.size());
      JsonNode predicted = predict(files.get(row));
      assertThat(predicted).hasSize(COLORS.size());
      for (JsonNode prediction : predicted) {
        assertThat(scores[prediction.path("index").asInt()])
            .isCloseTo(prediction.path("score").asDouble(), within(1e-5));
      }
    }
  }

  @Test
  void picturesInBase64AreAnsweredWithTheBestClasses() throws Exception {
    String json =
        """
        {"inputs": [{"name": "pixel_values", "datatype": "BYTES", "shape": [2, 1], "data": ["%s", "%s"]}],
         "outputs": [{"name": "logits", "parameters": {"classification": 2}}]}\
        """
            .formatted(base64("red.jpg"), base64("blue.jpg"));
    JsonNode output = infer("colors/versions/1", json).at("/outputs/0");

    assertThat(output.path("datatype").asText()).isEqualTo("BYTES");
    assertThat(output.path("shape").toString()).isEqualTo("[2,2]");
    assertThat(output.at("/data/0").asText()).matches("[0-9.]+:0:red");
    assertThat(output.at("/data/2").asText()).matches("[0-9.]+:2:blue");
  }

  @Test
  void ofATensorTooTheBestClassesAreNamed() throws Exception {
    String zeros = "0,".repeat(3 * 32 * 32 - 1) + "0";
    String json =
        """
        {"inputs": [{"name": "pixel_values", "datatype": "FP32", "shape": [1, 3, 32, 32], "data": [%s]}],
         "outputs": [{"name": "logits", "parameters": {"classification": 99}}]}\
        """
            .formatted(zeros);
    JsonNode output = infer("colors", json).at("/outputs/0");

    assertThat(output.path("shape").toString()).isEqualTo("[1,6]");
    assertThat(output.path("data").valueStream().map(node -> node.asText().split(":")[2]))
        .containsExactlyInAnyOrderElementsOf(COLORS);
  }

  @Test
  void withoutLabelsTheBestClassesHaveTheirPlaces() throws Exception {
    String json =
        """
        {"inputs": [{"name": "number", "datatype": "INT64", "shape": [2], "data": [3, 0]}],
         "outputs": [{"name": "row", "parameters": {"classification": 1}}]}\
        """;
    assertThat(infer("lookup", json).at("/outputs/0/data").toString())
        .isEqualTo("[\"11.0:2\",\"2.0:2\"]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate"})
  void aBodyMayBeCompressed(String coding) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out =
        coding.equals("gzip") ? new GZIPOutputStream(bytes) : new DeflaterOutputStream(bytes)) {
      out.write(TABLE.getBytes(StandardCharsets.UTF_8));
    }
    Response response =
        given()
            .header("Content-Type", "application/json")
            .header("Content-Encoding", coding)
            .body(bytes.toByteArray())
            .post("/v2/models/tabular/infer");
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(200);
  }

  @Test
  void bodyThatDecompressesToTooMuchIsRefused() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      byte[] spaces = new byte[1 << 20];
      Arrays.fill(spaces, (byte) ' ');
      for (int i = 0; i < 64; i++) {
        out.write(spaces);
      }
    }
    refused(
        given()
            .header("Content-Type", "application/json")
            .header("Content-Encoding", "gzip")
            .body(bytes.toByteArray())
            .post("/v2/models/tabular/infer"),
        413,
        "decompresses");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nothing | {} | 404 | no model \"nothing\"",
        "tabular/versions/9 | VISITS | 404 | no version 9",
        "tabular/versions/x | VISITS | 400 | version must be",
        "tabular | [] | 400 | JSON object",
        "tabular | {\"inputs\": | 400 | line 1",
        "tabular | {} trailing | 400 | line 1",
        "tabular | {} | 400 | inputs must hold",
        "tabular | {\"inputs\": 1} | 400 | inputs must be an array",
        "tabular | {\"inputs\": [1]} | 400 | inputs[0] must be an object",
        "tabular | {\"inputs\": [{}]} | 400 | inputs[0].name must be there",
        "tabular | {\"inputs\": [{\"name\": 3}]} | 400 | inputs[0].name must be a string",
        "tabular | {\"inputs\": [VISITS, VISITS]} | 422 | given twice",
        "tabular | {\"inputs\": [VISITS]} | 422 | measures float[?,2], member bool[?,1]",
        "lookup | {\"inputs\": [VISITS]} | 422 | \"visits\" is given twice, or is no input",
        "lookup | NUMBER INT64 [1] [9] | 422 | cannot be run on these tensors",
        "lookup | NUMBER INT32 [1] [1] | 422 | takes number int64[?]",
        "lookup | NUMBER INT64 [1,1] [1] | 422 | is number int64[1,1]",
        "lookup | NUMBER INT64 [2] [1] | 400 | holds 1 elements",
        "lookup | NUMBER INT64 [1] [1,2] | 400 | more elements",
        "lookup | NUMBER INT64 [0] [] | 422 | dimension of 0",
        "lookup | NUMBER INT64 [-1] [1] | 400 | whole number from 0",
        "lookup | NUMBER INT64 [99999999999] [1] | 400 | whole number from 0",
        "lookup | NUMBER INT64 [2000000000,2000000000] [1] | 400 | holds 1 elements",
        "lookup | NUMBER INT64 [1,1,1,1,1,1,1,1,1] [1] | 400 | 8 dimensions",
        "lookup | NUMBER INT64 [1] [1.5] | 400 | must be whole numbers",
        "lookup | NUMBER INT64 [1] [\"1\"] | 400 | must be whole numbers",
        "lookup | NUMBER INT64 [1] [null] | 400 | must be whole numbers",
        "lookup | NUMBER INT64 [1] [9223372036854775808] | 400 | cannot hold",
        "lookup | NUMBER UINT8 [1] [256] | 400 | cannot hold",
        "lookup | NUMBER UINT8 [1] [-1] | 400 | cannot hold",
        "lookup | NUMBER INT8 [1] [128] | 400 | cannot hold",
        "lookup | NUMBER BOOL [1] [2] | 400 | true or false",
        "lookup | NUMBER FP32 [1] [\"many\"] | 400 | must be numbers",
        "lookup | NUMBER BYTES [1] [1] | 400 | must be strings",
        "lookup | NUMBER FP8 [1] [1] | 400 | datatype must be one of",
        "lookup | NUMBER INT64 [1] {} | 400 | must be whole numbers",
        "lookup | NUMBER INT64 [1] [[1],[2]] | 400 | nested",
        "lookup | NUMBER INT64 [2] [[1,2]] | 400 | nested",
        "lookup | NUMBER INT64 [2,1] [[1],2] | 400 | nested",
        "lookup | NUMBER INT64 [2,1] [[1,2]] | 400 | nested",
        "colors | {\"inputs\": [VISITS], \"outputs\": [{\"name\": \"x\"}]} | 400 | outputs must be"
            + " among those of \"colors\": logits",
        "colors | {\"inputs\": [VISITS], \"outputs\": [{}]} | 400 | outputs[0].name",
        "colors | {\"inputs\": [VISITS], \"outputs\": [{\"name\": \"logits\"},{\"name\":"
            + " \"logits\"}]} | 400 | each output once",
        "colors | {\"inputs\": [VISITS], \"outputs\": [{\"name\": \"logits\", \"parameters\":"
            + " {\"classification\": -1}}]} | 400 | classification must be",
        "colors | PICTURE BYTES [1] [\"§\"] | 400 | pixel_values is not valid base64",
        "colors | PICTURE BYTES [1] [\"AAAA\"] | 415 | no image format",
        "colors | PICTURE BYTES [1] [\"\"] | 422 | empty",
        "colors | PICTURE BYTES [1,2] [\"AAAA\",\"AAAA\"] | 422 | [images,1]",
        "colors | PICTURE UINT8 [1] [1] | 422 | takes pixel_values float[?,3,32,32]",
        "echo | {\"inputs\": [VISITS]} | 422 | echo",
      })
  void whatCannotBeRunIsSaidInTheProtocolsWords(
      String model, String body, int status, String sentence) {
    String json =
        body.replace(
            "VISITS",
            "{\"name\": \"visits\", \"datatype\": \"INT64\", \"shape\": [1, 1], \"data\": [1]}");
    if (body.startsWith("NUMBER") || body.startsWith("PICTURE")) {
      String[] parts = body.split(" ", 4);
      json =
          "{\"inputs\": [{\"name\": \"%s\", \"datatype\": \"%s\", \"shape\": %s, \"data\": %s}]}"
              .formatted(
                  parts[0].equals("NUMBER") ? "number" : "pixel_values",
                  parts[1],
                  parts[2],
                  parts[3]);
    }
    refused(
        given()
            .header("Content-Type", "application/json")
            .body(json.getBytes(StandardCharsets.UTF_8))
            .post("/v2/models/" + model + "/infer"),
        status,
        sentence);
  }

  @ParameterizedTest
  @ValueSource(strings = {"inputs", "outputs"})
  void moreTensorsThanAnyGraphHasAreNotRead(String field) {
    String tensor = "{\"name\": \"x\", \"datatype\": \"BOOL\", \"shape\": [0], \"data\": []},";
    String json = "{\"%s\": [%s]}".formatted(field, tensor.repeat(1025).replaceFirst(",$", ""));
    refused(
        given()
            .header("Content-Type", "application/json")
            .body(json)
            .post("/v2/models/tabular/infer"),
        400,
        field + " must hold at most 1024");
  }

  @Test
  void anOutputWithoutANameEndsTheReading() {
    refused(
        given()
            .header("Content-Type", "application/json")
            .body("{\"outputs\": [" + "{},".repeat(1000) + "{}]}")
            .post("/v2/models/tabular/infer"),
        400,
        "outputs[0].name must be there");
  }

  /** Triton's raw binary request: {@code curl --data-binary} with one header. */
  @Test
  void aBodyWithoutJsonIsTheOneInput() throws Exception {
    ByteBuffer numbers = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    Response response = binary("lookup", "", numbers.putLong(3).putLong(0).array());

    byte[] body = response.asByteArray();
    int length = Integer.parseInt(response.header("Inference-Header-Content-Length"));
    JsonNode output = MAPPER.readTree(body, 0, length).at("/outputs/0");
    assertThat(output.path("shape").toString()).isEqualTo("[2,3]");
    assertThat(output.at("/parameters/binary_data_size").asInt()).isEqualTo(24);
    ByteBuffer rows = ByteBuffer.wrap(body, length, 24).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(rows.getFloat()).isEqualTo(9);
    assertThat(rows.getFloat(length + 20)).isEqualTo(2);
  }

  @Test
  void aBodyWithoutJsonMayBeAPicture() throws Exception {
    Response response = binary("colors", "", Fixtures.image("blue.jpg"));
    byte[] body = response.asByteArray();
    int length = Integer.parseInt(response.header("Inference-Header-Content-Length"));
    assertThat(MAPPER.readTree(body, 0, length).at("/outputs/0/shape").toString())
        .isEqualTo("[1,6]");
    float[] scores = new float[6];
    ByteBuffer.wrap(body, length, 24).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(scores);
    for (int i = 0; i < 6; i++) {
      assertThat(scores[i]).isLessThanOrEqualTo(scores[2]);
    }
  }

  @Test
  void aBodyWithoutJsonIsATensorIfItIsAsLong() throws Exception {
    Response response = binary("colors", "", new byte[3 * 32 * 32 * 4]);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.asString()).contains("\"shape\":[1,6]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tabular | 8 | 400 | may be 0 where a model has one input",
        "lookup | 0 | 422 | The 0 bytes of the body do not make one number int64[?]",
        "lookup | 12 | 422 | The 12 bytes of the body do not make one",
        "colors | 12284 | 415 | no image format",
        "colors | 0 | 422 | empty",
      })
  void aBodyWithoutJsonHasToFit(String model, int bytes, int status, String sentence) {
    refused(binary(model, "", new byte[bytes]), status, sentence);
  }

  /** As curl does, that is told nothing of the type. */
  @ParameterizedTest
  @ValueSource(strings = {"application/x-www-form-urlencoded", "text/plain"})
  void whateverTheTypeTheBodyIsJson(String type) {
    for (String door : new String[] {"tabular", "tabular/versions/1"}) {
      Response response =
          given()
              .config(AS_TEXT)
              .header("Content-Type", type)
              .body(TABLE)
              .post("/v2/models/" + door + "/infer");
      assertThat(response.statusCode()).as(response.asString()).isEqualTo(200);
      assertThat(response.contentType()).startsWith("application/json");
      assertThat(response.jsonPath().getString("id")).isEqualTo("row 7");
    }
  }

  /** 0 or 1, as NumPy and Triton's clients write them. */
  @Test
  void aTruthIsNoOtherByte() {
    String json =
        """
        {"inputs": [
          {"name": "measures", "datatype": "FP32", "shape": [1, 2], "data": [1, 2]},
          {"name": "visits", "datatype": "INT64", "shape": [1, 1], "data": [4]},
          {"name": "member", "datatype": "BOOL", "shape": [1, 1], "parameters": {"binary_data_size": 1}}]}\
        """;
    refused(binary("tabular", json, new byte[] {2}), 422, "a byte of 0 or 1");
  }

  @Test
  void jsonIsUtf8() {
    String json =
        "{\"inputs\": [{\"data\": [3], \"name\": \"number\", \"datatype\": \"INT64\", \"shape\":"
            + " [1]}]}";
    refused(
        given()
            .header("Content-Type", "application/json")
            .body(json.getBytes(StandardCharsets.UTF_16LE))
            .post("/v2/models/lookup/infer"),
        400,
        "must be UTF-8");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x | 8 | 8 | must be the number of the body's bytes",
        "-1 | 8 | 8 | must be the number of the body's bytes",
        "999999 | 8 | 8 | must be the number of the body's bytes",
        "3 | 8 | 8 | not JSON",
        "OK | 7 | 8 | leaves 1 bytes",
        "OK | 9 | 8 | only 8 bytes are left",
        "OK | 4 | 4 | 4 bytes do not fill",
        "OK | -8 | 8 | whole number from 0",
        "OK | 9999999999 | 8 | whole number from 0",
      })
  void binaryThatDoesNotAddUpIsRefused(String length, String size, int bytes, String sentence) {
    String json =
        "{\"inputs\":[{\"name\":\"number\",\"datatype\":\"INT64\",\"shape\":[1],"
            + "\"parameters\":{\"binary_data_size\":%s}}]}".formatted(size);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(json.getBytes(StandardCharsets.UTF_8));
    body.writeBytes(new byte[bytes]);
    Response response =
        given()
            .header("Content-Type", "application/octet-stream")
            .header(
                "Inference-Header-Content-Length",
                length.equals("OK") ? Integer.toString(json.length()) : length)
            .body(body.toByteArray())
            .post("/v2/models/lookup/infer");
    assertThat(response.statusCode()).isIn(400, 422);
    assertThat(response.jsonPath().getString("error")).contains(sentence);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ffffff7f", "ffffffff", "05000000ab", "0000"})
  void stringsWhoseLengthsAreWrongAreRefused(String hex) {
    byte[] binary = java.util.HexFormat.of().parseHex(hex);
    String json =
        "{\"inputs\":[{\"name\":\"pixel_values\",\"datatype\":\"BYTES\",\"shape\":[1],"
            + "\"parameters\":{\"binary_data_size\":%d}}]}".formatted(binary.length);
    refused(binary("colors", json, binary), 422, "do not add up");
  }

  @Test
  void morePicturesThanMayBeAreRefused() {
    String pictures = "\"%s\",".formatted(base64("red.jpg")).repeat(33);
    String json =
        "{\"inputs\":[{\"name\":\"pixel_values\",\"datatype\":\"BYTES\",\"shape\":[33],\"data\":[%s]}]}"
            .formatted(pictures.substring(0, pictures.length() - 1));
    refused(
        given().contentType("application/json").body(json).post("/v2/models/colors/infer"),
        413,
        "at most 32");
  }

  @Test
  void aModelThatTakesNoPicturesSaysSoToWhoShowsItOne() {
    Response response =
        given()
            .contentType("image/jpeg")
            .queryParam("model", "tabular")
            .body(Fixtures.image("red.jpg"))
            .post("/predict");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.contentType()).isEqualTo("application/problem+json");
    assertThat(response.jsonPath().getString("detail")).contains("/v2/models/tabular/infer");
  }

  private static JsonNode infer(String model, String json) throws Exception {
    Response response =
        given()
            .header("Content-Type", "application/json")
            .body(json.getBytes(StandardCharsets.UTF_8))
            .post("/v2/models/" + model + "/infer");
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(200);
    assertThat(response.contentType()).startsWith("application/json");
    return MAPPER.readTree(response.asString());
  }

  private static Response binary(String model, String json, byte[] binary) {
    byte[] header = json.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(header);
    body.writeBytes(binary);
    return given()
        .header("Content-Type", "application/octet-stream")
        .header("Inference-Header-Content-Length", header.length)
        .body(body.toByteArray())
        .post("/v2/models/" + model + "/infer");
  }

  private static void refused(Response response, int status, String sentence) {
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(status);
    assertThat(response.contentType()).startsWith("application/json");
    Map<String, String> body = response.jsonPath().getMap("");
    assertThat(body).containsOnlyKeys("error");
    assertThat(body.get("error"))
        .contains(sentence)
        .doesNotContain("Exception", "dev.glimpse", "/models");
  }

  private static JsonNode predict(byte[] picture) throws Exception {
    return MAPPER
        .readTree(
            given()
                .contentType("image/*")
                .queryParam("top_k", COLORS.size())
                .body(picture)
                .post("/predict")
                .asString())
        .path("predictions");
  }

  private static double[] softmax(JsonNode scores, int from) {
    double[] values = new double[COLORS.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.exp(scores.get(from + i).asDouble());
    }
    double sum = Arrays.stream(values).sum();
    return Arrays.stream(values).map(value -> value / sum).toArray();
  }

  private static String base64(String image) {
    return Base64.getEncoder().encodeToString(Fixtures.image(image));
  }
}
