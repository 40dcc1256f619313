package dev.glimpse.api.explain;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glimpse.support.Fixtures;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** On the models of src/test/golden/heads.py, which see images of 8×8 pixels. */
@QuarkusTest
@TestProfile(EmbedResourceTest.Heads.class)
class EmbedResourceTest {

  private static final byte[] IMAGE = Fixtures.image("scene.png");

  public static class Heads implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "glimpse.models.path",
          Fixtures.RESOURCES.resolve("models-heads").toAbsolutePath().toString(),
          "glimpse.models.default",
          "gap-gemm");
    }
  }

  @Test
  void theVectorBeforeTheLastLayer() throws Exception {
    JsonNode answer = json(post("/embed"));

    assertThat(answer.get("model").asText()).isEqualTo("gap-gemm");
    assertThat(answer.get("version").asText()).isEqualTo("1");
    assertThat(answer.get("dimensions").asInt()).isEqualTo(4);
    assertThat(answer.get("embedding")).hasSize(4);
    assertThat(answer.at("/timing/inference_ms").asDouble()).isPositive();
  }

  /** The same weights make the same feature map in all of them. */
  @ParameterizedTest
  @ValueSource(strings = {"gap-conv", "channels-last", "external-weights", "conv-relu-gap"})
  void everyKindOfHeadHasTheSameVector(String model) throws Exception {
    assertThat(vector(json(post("/embed?model=" + model))))
        .containsExactly(vector(json(post("/embed"))), within(1e-5));
  }

  @Test
  void aNormalizedVectorHasTheLengthOne() throws Exception {
    double[] vector = vector(json(post("/embed")));
    double[] normalized = vector(json(post("/embed?normalize=true")));

    double length = length(vector);
    for (int i = 0; i < vector.length; i++) {
      assertThat(normalized[i]).isCloseTo(vector[i] / length, within(1e-6));
    }
    assertThat(length(normalized)).isCloseTo(1, within(1e-6));
  }

  @Test
  void everyKindOfBodyGetsTheSameVector() throws Exception {
    JsonNode raw = json(post("/embed?normalize=true")).get("embedding");
    Response form =
        given().multiPart("file", "a.png", IMAGE).multiPart("normalize", "true").post("/embed");
    Response body =
        given()
            .contentType("application/json")
            .body(
                Map.of(
                    "image",
                    Map.of("b64", Base64.getEncoder().encodeToString(IMAGE)),
                    "normalize",
                    true))
            .post("/embed");

    assertThat(json(form).get("embedding")).isEqualTo(raw);
    assertThat(json(body).get("embedding")).isEqualTo(raw);
  }

  @ParameterizedTest
  @CsvSource({
    "model=no-layer, 'makes no vectors'",
    "normalize=yes, 'must be true or false'",
    "normalise=true, 'did you mean \"normalize\"?'",
  })
  void whatIsWrongIsSaidInWords(String query, String words) {
    Response answer = post("/embed?" + query);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.jsonPath().getString("detail")).contains(words);
  }

  /** What has no class activation map is explained by masks, unless the map is asked for. */
  @ParameterizedTest
  @CsvSource({
    "hidden-layer, auto, rise, 401",
    "part-pooled, auto, rise, 401",
    "no-layer, auto, rise, 401",
    "gap-gemm, auto, cam, 1",
    "gap-gemm, rise, rise, 401",
    "gap-gemm, occlusion, occlusion, 246",
  })
  void methodsOfAnExplanation(String model, String asked, String used, int runs) throws Exception {
    String path = "/explain?model=%s&method=%s".formatted(model, asked);
    JsonNode answer = json(post(path));

    assertThat(answer.get("method").asText()).isEqualTo(used);
    assertThat(answer.get("runs").asInt()).isEqualTo(runs);
    assertThat(json(post(path)).get("map")).isEqualTo(answer.get("map"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"hidden-layer", "part-pooled", "no-layer", "max-pool"})
  void someHaveNoActivationMap(String model) {
    Response answer = post("/explain?method=cam&model=" + model);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.jsonPath().getString("detail")).contains("must be occlusion, rise or auto");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/explain?method=rise", "/explain?method=cam", "/embed"})
  void whatTakesTooLongIsSaidInWords(String path) {
    Response answer =
        given()
            .contentType("application/octet-stream")
            .header("grpc-timeout", "1u")
            .body(IMAGE)
            .post(path);

    assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(504);
    assertThat(answer.jsonPath().getString("detail")).contains("The time");
  }

  /** Many at once are answered or refused in words, and the service goes on. */
  @Test
  void sixtyFourAtOnce() throws Exception {
    ExecutorService clients = Executors.newFixedThreadPool(66);
    try {
      List<Future<Response>> answers = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        String path = i % 2 == 0 ? "/explain?method=rise" : "/explain?method=occlusion&format=png";
        answers.add(clients.submit(() -> post(path)));
      }
      for (int i = 0; i < 16; i++) {
        answers.add(clients.submit(() -> post("/predict")));
      }
      for (Future<Response> each : answers) {
        Response answer = each.get();
        assertThat(answer.statusCode()).isIn(200, 503, 504);
        if (answer.statusCode() != 200) {
          assertThat(answer.contentType()).startsWith("application/problem+json");
          assertThat(answer.jsonPath().getString("detail")).isNotEmpty();
        }
      }
    } finally {
      clients.shutdown();
    }
    assertThat(json(post("/explain?method=rise")).get("runs").asInt()).isEqualTo(401);
    assertThat(post("/predict").statusCode()).isEqualTo(200);
  }

  private static Response post(String path) {
    return given().contentType("application/octet-stream").body(IMAGE).post(path);
  }

  private static double[] vector(JsonNode answer) {
    return answer.get("embedding").valueStream().mapToDouble(JsonNode::asDouble).toArray();
  }

  private static double length(double[] vector) {
    double sum = 0;
    for (double value : vector) {
      sum += value * value;
    }
    return Math.sqrt(sum);
  }

  private static JsonNode json(Response response) throws Exception {
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(200);
    return new ObjectMapper().readTree(response.asByteArray());
  }
}
