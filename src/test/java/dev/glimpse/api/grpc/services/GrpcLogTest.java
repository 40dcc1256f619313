package dev.glimpse.api.grpc.services;

import static dev.glimpse.api.grpc.services.GrpcClient.INFERENCE;
import static dev.glimpse.api.grpc.services.InferRequests.of;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.glimpse.support.LogLines;
import dev.glimpse.support.TensorModels;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the log says of calls. */
@QuarkusTest
@TestProfile(TensorModels.class)
class GrpcLogTest {

  @Test
  void onlyFailuresAreLoggedWithTheStatusOfHttp() {
    try (LogLines log = LogLines.of("dev.glimpse.requests");
        GrpcClient client = new GrpcClient(RestAssured.port)) {
      await()
          .until(() -> { // earlier tests may have used up the lines of this second
            client.call(INFERENCE + "ModelReady", of("colors"), Map.of("X-Request-ID", "well"));
            client.call(INFERENCE + "ModelMetadata", of("none"), Map.of("X-Request-ID", "wrong"));
            return log.lines().stream().anyMatch(line -> line.contains("id=wrong"));
          });
      assertThat(log.lines())
          .noneMatch(line -> line.contains("id=well"))
          .anyMatch(line -> line.contains("ModelMetadata 404 code=unknown-model"));
    }
  }
}
