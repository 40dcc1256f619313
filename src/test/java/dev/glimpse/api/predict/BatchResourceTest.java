package dev.glimpse.api.predict;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glimpse.support.ColorModels;
import dev.glimpse.support.Fixtures;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@TestProfile(ColorModels.class)
class BatchResourceTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Other kernels for other batch sizes add up in another order. */
  private static final double TOLERANCE = 1e-4;

  private static final List<String> MIXED =
      List.of(
          "red.jpg",
          "truncated.jpg",
          "blue.jpg",
          "text.jpg",
          "bomb.png",
          "empty.jpg",
          "yellow.png",
          "green.jpg");

  @Test
  void eachPictureGetsWhatItGetsAloneInTheirOrder() throws Exception {
    JsonNode answer = answered(form(MIXED).queryParam("lang", "zh"));

    assertSameAsAlone(MIXED, answer.get("results"));
    assertThat(answer.at("/results/0/predictions/0/label").asText()).isEqualTo("红");
    assertThat(answer.at("/results").findValuesAsText("id"))
        .containsOnly(answer.get("id").asText())
        .hasSize(MIXED.size());
  }

  @Test
  void theSameInJson() throws Exception {
    JsonNode answer = answered(json(Map.of("images", images(MIXED), "lang", "zh")));

    assertSameAsAlone(MIXED, answer.get("results"));
  }

  @Test
  void manyTimesTheOrderIsKept() throws Exception {
    List<String> colors = List.of("red", "green", "blue", "yellow", "black", "white");
    for (int round = 0; round < 30; round++) {
      List<String> names = new ArrayList<>();
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        String color = colors.get((round * 5 + i * i) % colors.size());
        expected.add(color);
        names.add(color + (List.of("red", "green", "blue").contains(color) ? ".jpg" : ".png"));
      }
      JsonNode answer = answered(form(names));
      assertThat(
              answer.get("results").valueStream().map(r -> r.at("/predictions/0/label").asText()))
          .containsExactlyElementsOf(expected);
    }
  }

  @Test
  void parametersAreForEachPicture() throws Exception {
    JsonNode answer =
        answered(
            form(List.of("red.jpg", "blue.jpg"))
                .multiPart("top_k", "2")
                .multiPart("model", "colors-sigmoid")
                .queryParam("top_k", "4"));

    assertThat(answer.get("results"))
        .allSatisfy(result -> {
          assertThat(result.get("model").asText()).isEqualTo("colors-sigmoid");
          assertThat(result.get("version").asText()).isEqualTo("1");
          assertThat(result.get("predictions")).hasSize(2);
        });
  }

  @Test
  void aPictureThatIsNoBase64FailsAlone() throws Exception {
    List<Object> images = new ArrayList<>();
    images.add(image("red.jpg"));
    images.add(Map.of("b64", "ne pas déranger"));
    images.add(Map.of());
    images.add(null);
    images.add(image("blue.jpg"));
    JsonNode results = answered(json(Map.of("images", images))).get("results");

    assertThat(results).hasSize(5);
    assertThat(results.at("/0/predictions/0/label").asText()).isEqualTo("red");
    assertThat(results.at("/4/predictions/0/label").asText()).isEqualTo("blue");
    for (int i = 1; i < 4; i++) {
      assertThat(results.at("/" + i + "/status").asInt()).isEqualTo(400);
      assertThat(results.at("/" + i + "/violations/0/field").asText())
          .isEqualTo("images[" + i + "].b64");
    }
  }

  @Test
  void eachPictureMaySayItsPage() throws Exception {
    String pages = Base64.getEncoder().encodeToString(Fixtures.bytes(Fixtures.TIFF_PAGES));
    List<Object> images =
        List.of(
            Map.of("b64", pages),
            Map.of("b64", pages, "page", 0),
            Map.of("b64", pages, "page", 4),
            Map.of("b64", pages, "page", "first"));
    JsonNode results = answered(json(Map.of("images", images, "page", 3))).get("results");

    assertThat(results.at("/0/predictions/0/label").asText()).isEqualTo("blue");
    assertThat(results.at("/1/predictions/0/label").asText()).isEqualTo("red");
    assertThat(results.at("/2/violations/0/message").asText())
        .isEqualTo("must be from 0 to 3, as the TIFF image has 4 pages");
    assertThat(results.at("/3/violations/0/field").asText()).isEqualTo("images[3].page");
  }

  @Test
  void nonePictureIsAsMuchAskedAsNothing() {
    refused(json(Map.of("images", List.of())), 400, "images");
    refused(json(Map.of("top_k", 3)), 400, "images");
    refused(given().multiPart("top_k", "2"), 400, "file");
  }

  @Test
  void moreThanMayBeIsRefusedAsAWhole() {
    List<String> nine = new ArrayList<>(MIXED);
    nine.add("red.jpg");
    refused(form(nine), 413, "9 images; at most 8");
    refused(json(Map.of("images", images(nine))), 413, "9 images; at most 8");
    List<String> many = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      many.add("one-pixel.png");
    }
    refused(form(many), 413, "more than 23 parts");
  }

  @ParameterizedTest
  @CsvSource({
    "top_k, 0, 400",
    "top_k, 7, 400",
    "lang, xx, 400",
    "model, nothing, 404",
    "version, 9, 404",
  })
  void whatIsWrongWithEveryPictureIsWrongWithTheRequest(
      String parameter, String value, int status) {
    refused(form(MIXED).queryParam(parameter, value), status, "");
    refused(form(MIXED).multiPart(parameter, value), status, "");
  }

  @Test
  void aBodyThatIsNone() {
    refused(given().contentType("application/json").body("{\"images\": ["), 400, "");
    refused(
        given().contentType("application/json").body("{\"image\": {\"b64\": \"\"}}"), 400, "image");
    refused(given().contentType("image/jpeg").body(Fixtures.image("red.jpg")), 415, "images");
    refused(
        given().header("grpc-timeout", "soon").multiPart("file", "a", new byte[1]), 400, "grpc");
  }

  @Test
  void eachPictureIsCounted() {
    double ok = counted("ok");
    double unreadable = counted("unreadable-image");
    form(List.of("red.jpg", "truncated.jpg", "blue.jpg")).post("/predict/batch");

    assertThat(counted("ok")).isEqualTo(ok + 2);
    assertThat(counted("unreadable-image")).isEqualTo(unreadable + 1);
  }

  private static void assertSameAsAlone(List<String> names, JsonNode results) throws Exception {
    assertThat(results).hasSize(names.size());
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      JsonNode result = results.get(i);
      Response response =
          given()
              .queryParam("lang", "zh")
              .contentType("application/octet-stream")
              .body(Fixtures.image(name))
              .post("/predict");
      JsonNode alone = MAPPER.readTree(response.asString());
      if (response.statusCode() != 200) {
        assertThat(result.get("status").asInt()).as(name).isEqualTo(response.statusCode());
        for (String field : List.of("type", "title", "detail")) {
          assertThat(result.get(field)).as(name).isEqualTo(alone.get(field));
        }
        continue;
      }
      assertThat(result.get("model")).isEqualTo(alone.get("model"));
      assertThat(result.get("version")).isEqualTo(alone.get("version"));
      assertThat(result.get("predictions")).as(name).hasSameSizeAs(alone.get("predictions"));
      for (int k = 0; k < alone.get("predictions").size(); k++) {
        JsonNode expected = alone.get("predictions").get(k);
        JsonNode actual = result.get("predictions").get(k);
        assertThat(actual.get("label")).as(name).isEqualTo(expected.get("label"));
        assertThat(actual.get("score").asDouble())
            .as(name)
            .isCloseTo(expected.get("score").asDouble(), within(TOLERANCE));
      }
      assertThat(result.at("/timing/total_ms").asDouble()).isPositive();
    }
  }

  private static RequestSpecification form(List<String> names) {
    RequestSpecification request = given();
    for (String name : names) {
      request.multiPart("file", name, Fixtures.image(name));
    }
    return request;
  }

  private static RequestSpecification json(Object body) {
    return given().contentType("application/json").body(body);
  }

  private static List<Object> images(List<String> names) {
    return names.stream().map(BatchResourceTest::image).toList();
  }

  private static Object image(String name) {
    return Map.of("b64", Base64.getEncoder().encodeToString(Fixtures.image(name)));
  }

  private static JsonNode answered(RequestSpecification request) throws Exception {
    Response response = request.post("/predict/batch");
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(200);
    assertThat(response.contentType()).startsWith("application/json");
    return MAPPER.readTree(response.asString());
  }

  private static void refused(RequestSpecification request, int status, String what) {
    Response response = request.post("/predict/batch");
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(status);
    assertThat(response.contentType()).startsWith("application/problem+json");
    assertThat(response.jsonPath().getString("detail")).contains(what);
  }

  private static double counted(String outcome) {
    String sample =
        "glimpse_requests_total{model=\"colors\",outcome=\"%s\",version=\"2\"} ".formatted(outcome);
    return given()
        .get("/q/metrics")
        .asString()
        .lines()
        .filter(line -> line.startsWith(sample))
        .mapToDouble(line -> Double.parseDouble(line.substring(sample.length())))
        .findFirst()
        .orElse(0);
  }
}
