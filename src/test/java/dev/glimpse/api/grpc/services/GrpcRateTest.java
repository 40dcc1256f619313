package dev.glimpse.api.grpc.services;

import static dev.glimpse.api.grpc.services.GrpcClient.INFERENCE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.api.grpc.GrpcStatus;
import dev.glimpse.api.grpc.MessageWriter;
import dev.glimpse.support.TensorModels;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Calls where each caller has a limit. */
@QuarkusTest
@TestProfile(GrpcRateTest.TenAnHour.class)
class GrpcRateTest {

  /** Limits each address. */
  public static class TenAnHour extends TensorModels {

    @Override
    public Map<String, String> getConfigOverrides() {
      Map<String, String> settings = new HashMap<>(super.getConfigOverrides());
      settings.put("glimpse.http.rate", "10/h");
      settings.put("glimpse.grpc.reflection", "true");
      return settings;
    }
  }

  /** A stream cannot be used to send more requests than calls could. */
  @Test
  void eachMessageOfAStreamCounts() throws Exception {
    try (GrpcClient client = new GrpcClient(RestAssured.port)) {
      assertThat(client.call(INFERENCE + "ModelInfer", InferRequests.rawTable()).status()).isZero();
      GrpcStream questions =
          new GrpcStream(
              client, "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", Map.of());
      byte[] question = new MessageWriter().text(7, "*").framed();
      for (int i = 0; i < 3; i++) {
        questions.send(question);
        assertThat(questions.next().messages(6)).as("question %d", i).isNotEmpty();
      }
      GrpcStream stream = new GrpcStream(client, INFERENCE + "ModelStreamInfer", Map.of());
      for (int i = 0; i < 6; i++) {
        stream.send(InferRequests.rawTable().framed());
        assertThat(stream.next().text(1)).as("message %d", i).isEmpty();
      }
      stream.send(InferRequests.rawTable().framed());
      assertThat(stream.next().text(1)).contains("More requests than the limit allows");
      questions.send(question);
      assertThat(GrpcClient.await(questions.status()))
          .isEqualTo(GrpcStatus.RESOURCE_EXHAUSTED.code());
      questions.cancel();
      stream.end();
      assertThat(GrpcClient.await(stream.status())).isZero();

      GrpcClient.Reply refused = client.call(INFERENCE + "ModelInfer", InferRequests.rawTable());
      assertThat(refused.status()).isEqualTo(GrpcStatus.RESOURCE_EXHAUSTED.code());
    }
  }
}
