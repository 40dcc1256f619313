package dev.glimpse.api.kserve;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.glimpse.support.Fixtures;
import dev.glimpse.support.GeneratedModels;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import java.util.Base64;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Elements and outputs of the rarer kinds, by V1, V2 and {@code /predict}. */
@QuarkusTest
@TestProfile(GeneratedModels.class)
class RareTensorsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "strings | [\"a\", \"\u00fc\"] |"
            + " [{\"number\":[1],\"same\":[\"a\"]},{\"number\":[2],\"same\":[\"\u00fc\"]}]",
        "strings | [[\"\"]] | [{\"number\":[7],\"same\":[\"\"]}]",
        "longs | [[4611686018427387903, -5]] | [[9223372036854775806,-10]]",
        "doubles | [[0.1, 1e300]] | [[0.2,2.0E300]]",
        "maps | [[1, 2, 3], [4, 5, 6]] | [[2.0,3.0,1.0],[5.0,6.0,4.0]]",
        "numbered-maps | [[1, 2, 3]] | [[3.0,2.0,1.0]]",
      })
  void v1(String model, String instances, String predictions) {
    assertThat(post("/v1/models/" + model + ":predict", "{\"instances\": " + instances + "}", 200))
        .isEqualTo("{\"predictions\":" + predictions + "}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "strings | words | BYTES | [2,1] | [\"a\", \"?\"] |"
            + " \"datatype\":\"INT64\",\"shape\":[2,1],\"data\":[1,7]",
        "longs | x | INT64 | [1,2] | [4611686018427387903, -5] | [9223372036854775806,-10]",
        "doubles | x | FP64 | [1,2] | [0.1, 1e300] |"
            + " \"FP64\",\"shape\":[1,2],\"data\":[0.2,2.0E300]",
        "maps | x | FP32 | [1,3] | [1, 2, 3] | \"FP32\",\"shape\":[1,3],\"data\":[2.0,3.0,1.0]",
      })
  void v2(String model, String name, String type, String shape, String data, String output) {
    String body =
        "{\"inputs\": [{\"name\": \"%s\", \"datatype\": \"%s\", \"shape\": %s, \"data\": %s}]}"
            .formatted(name, type, shape, data);
    assertThat(post("/v2/models/" + model + "/infer", body, 200)).contains(output);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "longs | [[1.5, 2]] | must be whole numbers",
        "strings | [[1]] | instances[0]",
      })
  void anotherTypeIsRefused(String model, String instances, String sentence) {
    String path = "/v1/models/" + model + ":predict";
    assertThat(post(path, "{\"instances\": " + instances + "}", 400)).contains(sentence);
  }

  /**
   * The image has the means 0.805, 0.158 and 0.133, of which softmax makes 0.491, 0.257 and 0.251.
   */
  @ParameterizedTest
  @CsvSource({"bytes, r, 0.491", "first-output, r, 0.491", "chosen-output, '', 0.422"})
  void imagesAreScoredByTheOutputThatIsMeant(String model, String label, float score) {
    String image = Base64.getEncoder().encodeToString(Fixtures.image("red.jpg"));
    String body = "{\"instances\": [{\"b64\": \"%s\"}]}".formatted(image);
    JsonPath answer = new JsonPath(post("/v1/models/" + model + ":predict", body, 200));
    assertThat(answer.getFloat("predictions[0][0].score")).isCloseTo(score, offset(0.05f));
    assertThat(answer.getString("predictions[0][0].label")).contains(label);

    JsonPath one =
        given()
            .multiPart("file", "red.jpg", Fixtures.image("red.jpg"))
            .queryParam("model", model)
            .post("/predict")
            .jsonPath();
    assertThat(one.getFloat("predictions[0].score"))
        .isEqualTo(answer.getFloat("predictions[0][0].score"));
  }

  private static String post(String path, String body, int status) {
    return given()
        .urlEncodingEnabled(false)
        .contentType(ContentType.JSON.withCharset("UTF-8"))
        .body(body)
        .post(path)
        .then()
        .statusCode(status)
        .extract()
        .asString();
  }
}
