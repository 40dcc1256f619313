package dev.glimpse.api.explain;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Fixtures;
import dev.glimpse.support.RareSettings;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.util.Base64;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(RareSettings.class)
class DisabledTest {

  @ParameterizedTest
  @ValueSource(strings = {"/explain", "/embed", "/v1/models/colors:explain"})
  void saysSo(String path) {
    Response answer =
        given()
            .urlEncodingEnabled(false)
            .contentType("application/octet-stream")
            .body(Fixtures.image("red.jpg"))
            .post(path);

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.asString()).contains("glimpse.explain.enabled is false");
  }

  /** Other outputs are there as usual. */
  @ParameterizedTest
  @CsvSource({"embedding, 403", "logits, 200"})
  void saysSoOfAnOutput(String output, int status) {
    Response answer =
        given()
            .contentType("application/json")
            .body(
                """
                {"inputs": [{"name": "pixel_values", "datatype": "BYTES", "shape": [1], "data": ["%s"]}],
                 "outputs": [{"name": "%s"}]}\
                """
                    .formatted(
                        Base64.getEncoder().encodeToString(Fixtures.image("red.jpg")), output))
            .post("/v2/models/colors/infer");

    assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(status);
    if (status == 403) {
      assertThat(answer.jsonPath().getString("error")).contains("glimpse.explain.enabled is false");
    }
  }
}
