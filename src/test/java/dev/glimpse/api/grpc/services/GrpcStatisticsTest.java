package dev.glimpse.api.grpc.services;

import static dev.glimpse.api.grpc.services.GrpcClient.INFERENCE;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.glimpse.api.grpc.GrpcStatus;
import dev.glimpse.api.grpc.MessageWriter;
import dev.glimpse.support.TensorModels;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Triton's statistics, by gRPC and by HTTP. */
@QuarkusTest
@TestProfile(TensorModels.class)
class GrpcStatisticsTest {

  private static final List<String> TIMES =
      List.of("success", "fail", "queue", "compute_input", "compute_infer", "compute_output");

  private GrpcClient client;

  @BeforeEach
  void connect() {
    client = new GrpcClient(RestAssured.port);
  }

  @AfterEach
  void close() {
    client.close();
  }

  private ProtoFields statistics(String model, String version) {
    return client
        .call(INFERENCE + "ModelStatistics", new MessageWriter().text(1, model).text(2, version))
        .message();
  }

  private ProtoFields table() {
    return statistics("tabular", "1").messages(1).get(0);
  }

  private static long count(ProtoFields version, String time) {
    return version.messages(6).get(0).messages(TIMES.indexOf(time) + 1).get(0).number(1);
  }

  @Test
  void countsGrowByWhatWasSent() {
    ProtoFields before = table();
    for (int i = 0; i < 3; i++) {
      assertThat(client.call(INFERENCE + "ModelInfer", InferRequests.rawTable()).status()).isZero();
    }
    MessageWriter wrong = new MessageWriter().text(1, "tabular");
    assertThat(client.call(INFERENCE + "ModelInfer", wrong).status())
        .isEqualTo(GrpcStatus.INVALID_ARGUMENT.code());

    await()
        .untilAsserted(() -> {
          ProtoFields now = table();
          assertThat(count(now, "success") - count(before, "success")).isEqualTo(3);
          assertThat(count(now, "fail") - count(before, "fail")).isEqualTo(1);
          assertThat(count(now, "queue") - count(before, "queue")).isEqualTo(3);
          assertThat(count(now, "compute_infer") - count(before, "compute_infer")).isEqualTo(3);
          assertThat(now.number(4) - before.number(4)).as("inferences").isEqualTo(3);
          assertThat(now.number(5) - before.number(5)).as("runs").isEqualTo(3);
        });
    ProtoFields now = table();
    assertThat(now.number(3)).as("last").isBetween(1L, System.currentTimeMillis());
    assertThat(now.messages(6).get(0).messages(5).get(0).number(2)).as("time").isPositive();
  }

  @ParameterizedTest
  @CsvSource({
    "'', '', /v2/models/stats",
    "colors, '', /v2/models/colors/stats",
    "colors, 2, /v2/models/colors/versions/2/stats",
  })
  void httpSaysTheSame(String model, String version, String path) {
    JsonPath json = given().get(path).then().statusCode(200).extract().jsonPath();
    List<ProtoFields> versions = statistics(model, version).messages(1);

    assertThat(json.getList("model_stats")).hasSameSizeAs(versions).isNotEmpty();
    for (int i = 0; i < versions.size(); i++) {
      String at = "model_stats[" + i + "].";
      ProtoFields same = versions.get(i);
      assertThat(json.getString(at + "name")).isEqualTo(same.text(1));
      assertThat(json.getString(at + "version")).isEqualTo(same.text(2));
      assertThat(json.getLong(at + "last_inference")).isEqualTo(same.number(3));
      assertThat(json.getLong(at + "inference_count")).isEqualTo(same.number(4));
      assertThat(json.getLong(at + "execution_count")).isEqualTo(same.number(5));
      for (String time : TIMES) {
        assertThat(json.getLong(at + "inference_stats." + time + ".count"))
            .as(time)
            .isEqualTo(count(same, time));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"nothing, '', NOT_FOUND", "colors, 9, NOT_FOUND", "'', 1, INVALID_ARGUMENT"})
  void whatIsNotServedHasNone(String model, String version, GrpcStatus status) {
    MessageWriter request = new MessageWriter().text(1, model).text(2, version);
    assertThat(client.call(INFERENCE + "ModelStatistics", request).status())
        .isEqualTo(status.code());
  }
}
