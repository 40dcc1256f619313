package dev.glimpse.api.triton;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glimpse.support.ChangingModels;
import dev.glimpse.support.Command;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.Python;
import dev.glimpse.support.Repository;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(ChangingModels.class)
class ModelControlResourceTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String LOAD = "/v2/repository/models/colors/load";
  private static final String UNLOAD = "/v2/repository/models/colors/unload";

  private final Repository repository = ChangingModels.repository();

  @AfterEach
  void oneVersionAsBefore() {
    for (int version = 2; version < 4; version++) {
      if (repository.path().resolve("colors/" + version).toFile().exists()) {
        repository.delete("colors/" + version);
      }
    }
    change(LOAD, "{\"parameters\": {\"traffic\": \"1\"}}").then().statusCode(200);
    change(UNLOAD, "{\"parameters\": {\"version\": 2}}"); // if it is there
  }

  @ParameterizedTest
  @CsvSource({
    "Basic YWxhZGRpbg==",
    "Bearer",
    "Bearer wrong-wrong-wrong-wrong",
    "Bearer sesame-open-sesame ",
    "sesame-open-sesame-open"
  })
  void nobodyElseMay(String authorization) {
    for (String door : new String[] {LOAD, UNLOAD}) {
      Response refused = given().header("Authorization", authorization).post(door);
      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(refused.header("WWW-Authenticate")).isEqualTo("Bearer");
      assertThat(refused.jsonPath().getString("error")).doesNotContain("sesame");
    }
    assertThat(given().post(LOAD).statusCode()).isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(strings = {LOAD, UNLOAD})
  void largeBodiesAreNotRead(String door) {
    Response refused = change(door, "{\"parameters\": {" + " ".repeat(64 << 10) + "}}");
    assertThat(refused.statusCode()).isEqualTo(413);
    assertThat(refused.jsonPath().getString("error")).contains("at most 65536");
  }

  @Test
  void aNewVersionIsServedAndTakenBack() {
    repository.put("colors/2", "colors", 2);
    Response loaded = change(LOAD, "");
    assertThat(loaded.statusCode()).isEqualTo(200);
    assertThat(loaded.asString()).isEqualTo("{}");
    change(LOAD, "{\"parameters\": {\"traffic\": \"2\"}}").then().statusCode(200);
    assertThat(version("some-id")).isEqualTo("2");

    change(LOAD, "{\"parameters\": {\"traffic\": \"1\"}}").then().statusCode(200);
    assertThat(version("some-id")).isEqualTo("1");
    change(UNLOAD, "{\"parameters\": {\"version\": \"2\", \"unload_dependents\": false}}")
        .then()
        .statusCode(200);
    given().get("/v2/models/colors/versions/2/ready").then().statusCode(404);
  }

  @Test
  void aCanaryIsStickyAndSeenInTheMeters() {
    repository.put("colors/2", "colors", 2);
    change(LOAD, "{\"parameters\": {\"traffic\": \"1:50,2:50\"}}").then().statusCode(200);
    assertThat(given().get("/models/colors").jsonPath().getString("traffic"))
        .isEqualTo("1:50,2:50");

    var versions =
        IntStream.range(0, 40)
            .mapToObj(i -> "id-" + i)
            .collect(Collectors.groupingBy(this::version, Collectors.toList()));

    assertThat(versions).containsOnlyKeys("1", "2");
    versions.forEach((version, ids) ->
        assertThat(ids).allSatisfy(id -> assertThat(version(id)).isEqualTo(version)));
    assertThat(versions.get("2"))
        .allSatisfy(id -> {
          assertThat(batchVersions(id)).containsOnly("2");
          assertThat(
                  given()
                      .header("X-Request-ID", id)
                      .body(Fixtures.image("red.jpg"))
                      .contentType("image/jpeg")
                      .post("/predictions/colors")
                      .statusCode())
              .isEqualTo(200);
        });
    assertThat(given().get("/q/metrics").asString())
        .contains("glimpse_requests_total{model=\"colors\",outcome=\"ok\",version=\"1\"}")
        .contains("glimpse_requests_total{model=\"colors\",outcome=\"ok\",version=\"2\"}")
        .contains("glimpse_inference_seconds_count{model=\"colors\",version=\"2\"}");
  }

  @Test
  void aBadVersionIsReportedAndNeverServed() throws Exception {
    repository.putBroken("label-count-mismatch", "colors", 3);
    Response refused = change(LOAD, "");

    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.jsonPath().getString("error"))
        .isEqualTo("Version 3: the graph has 6 classes and config.json names 5; they must match.");
    assertThat(version("some-id")).isEqualTo("1");
    JsonNode index = MAPPER.readTree(given().post("/v2/repository/index").asString());
    assertThat(index).hasSize(2);
    assertThat(index.at("/0/version").asText()).isEqualTo("1");
    assertThat(index.at("/0/state").asText()).isEqualTo("READY");
    assertThat(index.at("/1/version").asText()).isEqualTo("3");
    assertThat(index.at("/1/state").asText()).isEqualTo("UNAVAILABLE");
    assertThat(index.at("/1/reason").asText()).startsWith("the graph has 6 classes");
    assertThat(
            given()
                .contentType("application/json")
                .body("{\"ready\": true}")
                .post("/v2/repository/index")
                .asString())
        .doesNotContain("UNAVAILABLE");
    assertThat(given().get("/q/metrics").asString())
        .contains("glimpse_model_reloads_total{model=\"colors\",outcome=\"failed\"}");
  }

  @Test
  @Tag("clients")
  void tritonsClientWorksUnchanged() throws Exception {
    repository.put("colors/2", "colors", 2);
    Path scripts = Path.of("src/test/clients");
    Python python = Python.with(scripts.resolve("clients.txt"));
    String said =
        Command.run(
            python.program("python"),
            scripts.resolve("triton_control.py").toString(),
            "localhost:" + RestAssured.port,
            ChangingModels.TOKEN);
    assertThat(said).endsWith("all well");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "[]",
        "\"load\"",
        "{\"parameters\": []}",
        "{\"parameters\": {\"config\": \"{}\"}}",
        "{\"parameters\": {\"version\": \"latest\"}}",
        "{\"parameters\": {\"version\": 0}}",
        "{\"parameters\": {\"traffic\": \"half\"}}"
      })
  void aBodyThatWillNotDoIsRefused(String body) {
    Response refused = change(LOAD, body);
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.jsonPath().getString("error")).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"nothing", "%2e%2e", "..%2fmodels", "a%00b", "%E9%9B%8F"})
  void whatIsNotThereIsNotFound(String name) {
    Response refused =
        given()
            .urlEncodingEnabled(false)
            .header("Authorization", "Bearer " + ChangingModels.TOKEN)
            .post("/v2/repository/models/" + name + "/load");
    assertThat(refused.statusCode()).isEqualTo(404);
  }

  @Test
  void otherMethodsAreNotForTheDoor() {
    Response refused = given().get(LOAD);
    assertThat(refused.statusCode()).isEqualTo(405);
    assertThat(refused.header("Allow")).isEqualTo("POST, OPTIONS");
  }

  private static Response change(String door, String body) {
    return given()
        .header("Authorization", "Bearer " + ChangingModels.TOKEN)
        .contentType("application/json")
        .body(body)
        .post(door);
  }

  /** The version that answers a request of this id. */
  private String version(String id) {
    return given()
        .header("X-Request-ID", id)
        .contentType("image/jpeg")
        .body(Fixtures.image("red.jpg"))
        .post("/predict")
        .jsonPath()
        .getString("version");
  }

  private static java.util.List<String> batchVersions(String id) {
    return given()
        .header("X-Request-ID", id)
        .multiPart("file", "1.jpg", Fixtures.image("red.jpg"))
        .multiPart("file", "2.jpg", Fixtures.image("red.jpg"))
        .multiPart("file", "3.jpg", Fixtures.image("red.jpg"))
        .post("/predict/batch")
        .jsonPath()
        .getList("results.version", String.class);
  }
}
