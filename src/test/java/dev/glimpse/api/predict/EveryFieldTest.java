package dev.glimpse.api.predict;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glimpse.api.health.HealthResource;
import dev.glimpse.api.problem.Problem;
import dev.glimpse.support.CachedModels;
import dev.glimpse.support.Fixtures;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every field of every record that is read or written as JSON is there, and nothing else. */
@QuarkusTest
@TestProfile(CachedModels.class)
class EveryFieldTest {

  private static final Map<String, String> YELLOW =
      Map.of("b64", Base64.getEncoder().encodeToString(Fixtures.image("yellow.png")));

  @Test
  void ofAnAnswer() throws Exception {
    Map<String, Object> question =
        Map.of(
            "image",
            YELLOW,
            "model",
            "colors",
            "version",
            "1",
            "top_k",
            2,
            "lang",
            "zh",
            "page",
            0,
            "threshold",
            1,
            "labels",
            "黄, white",
            "renormalize",
            true);
    assertThat(question.keySet()).isEqualTo(fields(PredictRequest.class));
    assertThat(fields(PredictRequest.ImageSource.class)).containsExactlyInAnyOrder("b64", "url");
    post("/predict", question);
    JsonNode answer = json(post("/predict", question));

    assertAnswered(answer);
    assertThat(answer.get("cached").asBoolean()).isTrue();
    assertComplete(answer, PredictResponse.class, "groups"); // this model has none
  }

  @Test
  void ofABatch() throws Exception {
    Map<String, Object> question =
        Map.of(
            "images",
            List.of(YELLOW, Map.of(), YELLOW),
            "model",
            "colors",
            "version",
            "1",
            "top_k",
            2,
            "lang",
            "zh",
            "page",
            0,
            "threshold",
            1,
            "labels",
            "黄, white",
            "renormalize",
            true);
    assertThat(question.keySet()).isEqualTo(fields(BatchRequest.class));
    assertThat(fields(BatchRequest.Picture.class)).containsExactlyInAnyOrder("b64", "url", "page");
    post("/predict/batch", question);
    JsonNode answer = json(post("/predict/batch", question));

    assertComplete(answer, BatchResponse.class);
    assertAnswered(answer.at("/results/0"));
    assertComplete(answer.at("/results/0"), PredictResponse.class, "groups");
    assertComplete(answer.at("/results/1"), Problem.class);
    assertComplete(answer.at("/results/1/violations/0"), Problem.Violation.class);
  }

  @Test
  void ofAProblem() throws Exception {
    JsonNode problem = json(post("/predict?top_k=0", Map.of("image", YELLOW)));

    assertComplete(problem, Problem.class);
    assertComplete(problem.at("/violations/0"), Problem.Violation.class);
  }

  @Test
  void ofTheModels() throws Exception {
    JsonNode models = json(given().get("/models"));

    assertComplete(models, ModelsResource.ModelList.class);
    assertThat(models.at("/models").findValues("default"))
        .extracting(JsonNode::asBoolean)
        .containsOnlyOnce(true);
    for (JsonNode model : models.at("/models")) {
      assertComplete(model, ModelsResource.ModelDescription.class, "traffic"); // nobody shares it
      for (JsonNode version : model.at("/versions")) {
        assertComplete(version, ModelsResource.Version.class);
      }
    }
  }

  @Test
  void ofTheHealth() throws Exception {
    assertComplete(json(given().get("/health")), HealthResource.Health.class);
  }

  /** As it was asked: each field of the question has its part in it. */
  private static void assertAnswered(JsonNode answer) {
    assertThat(answer.get("model").asText()).isEqualTo("colors");
    assertThat(answer.get("version").asText()).isEqualTo("1");
    assertThat(answer.get("predictions")).hasSize(2);
    for (JsonNode prediction : answer.get("predictions")) {
      assertComplete(prediction, PredictResponse.Prediction.class);
    }
    assertThat(answer.at("/predictions/0/label").asText()).isEqualTo("黄");
    assertComplete(answer.get("timing"), PredictResponse.Timing.class);
  }

  private static void assertComplete(
      JsonNode json, Class<? extends Record> type, String... leftOut) {
    Set<String> expected = new HashSet<>(fields(type));
    expected.removeAll(Set.of(leftOut));
    assertThat(json.properties().stream().map(Map.Entry::getKey))
        .as("%s: %s", type, json)
        .containsExactlyInAnyOrderElementsOf(expected);
    assertThat(json).noneMatch(JsonNode::isNull);
  }

  private static Set<String> fields(Class<? extends Record> type) {
    return Arrays.stream(type.getRecordComponents())
        .map(component -> {
          JsonProperty name = component.getAccessor().getAnnotation(JsonProperty.class);
          return name == null ? component.getName() : name.value();
        })
        .collect(Collectors.toSet());
  }

  private static Response post(String path, Map<String, Object> question) {
    return given().contentType("application/json").body(question).post(path);
  }

  private static JsonNode json(Response response) throws Exception {
    return new ObjectMapper().readTree(response.asString());
  }
}
