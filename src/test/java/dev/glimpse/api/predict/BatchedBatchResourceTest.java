package dev.glimpse.api.predict;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Fixtures;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The same with dynamic batching on. */
@QuarkusTest
@TestProfile(BatchedBatchResourceTest.Batching.class)
class BatchedBatchResourceTest extends BatchResourceTest {

  public static class Batching implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "glimpse.models.path", Fixtures.MODELS.toAbsolutePath().toString(),
          "glimpse.models.default", "colors",
          "glimpse.batch.max-images", "8",
          "glimpse.batching.colors.max-batch-size", "4",
          "glimpse.batching.colors.max-delay", "20ms");
    }
  }

  @Test
  void picturesOfOneRequestAreRunTogether() {
    given()
        .multiPart("file", "a.jpg", Fixtures.image("red.jpg"))
        .multiPart("file", "b.jpg", Fixtures.image("blue.jpg"))
        .post("/predict/batch")
        .then()
        .statusCode(200);

    assertThat(given().get("/q/metrics").asString())
        .contains("glimpse_batch_size_bucket{model=\"colors\",version=\"2\",le=\"4.0\"}");
  }
}
