package dev.glimpse.api.grpc.services;

import static dev.glimpse.api.grpc.services.GrpcClient.INFERENCE;
import static dev.glimpse.api.grpc.services.InferRequests.of;
import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.api.grpc.GrpcStatus;
import dev.glimpse.api.grpc.MessageWriter;
import dev.glimpse.api.grpc.services.GrpcClient.Reply;
import dev.glimpse.support.ChangingModels;
import dev.glimpse.support.Repository;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Triton's extensions that manage models. */
@QuarkusTest
@TestProfile(ChangingModels.class)
class GrpcControlTest {

  private static final String LOAD = INFERENCE + "RepositoryModelLoad";
  private static final String UNLOAD = INFERENCE + "RepositoryModelUnload";

  private final Repository repository = ChangingModels.repository();
  private GrpcClient client;

  @BeforeEach
  void connect() {
    client = new GrpcClient(RestAssured.port);
  }

  @AfterEach
  void close() {
    client.close();
  }

  private static MessageWriter model(String name) {
    return new MessageWriter().text(2, name);
  }

  private static MessageWriter with(MessageWriter request, String parameter, String value) {
    return request.message(
        3, new MessageWriter().text(1, parameter).message(2, new MessageWriter().text(3, value)));
  }

  private Reply change(String method, MessageWriter request) {
    return client.call(method, request, Map.of("authorization", "Bearer " + ChangingModels.TOKEN));
  }

  private List<String> versions() {
    return client
        .call(INFERENCE + "RepositoryIndex", new MessageWriter().bool(2, true))
        .message()
        .messages(1)
        .stream()
        .map(entry -> entry.text(1) + " " + entry.text(2) + " " + entry.text(3))
        .toList();
  }

  @Test
  void aVersionIsLoadedAndUnloaded() {
    assertThat(versions()).containsExactly("colors 1 READY");
    repository.put("colors/2", "colors", 2);
    assertThat(change(LOAD, model("colors")).message().fields()).isEmpty();
    assertThat(versions()).containsExactly("colors 1 READY", "colors 2 READY");

    assertThat(change(UNLOAD, with(model("colors"), "version", "2")).message().fields()).isEmpty();
    assertThat(versions()).containsExactly("colors 1 READY");
    repository.delete("colors/2");
  }

  @Test
  void onlyAdministratorsMay() {
    for (String method : List.of(LOAD, UNLOAD)) {
      assertThat(client.call(method, model("colors")).status())
          .isEqualTo(GrpcStatus.UNAUTHENTICATED.code());
    }
  }

  @Test
  void whatIsNotKnownIsRefused() {
    Reply config = change(LOAD, with(model("colors"), "config", "{}"));
    assertThat(config.status()).isEqualTo(GrpcStatus.INVALID_ARGUMENT.code());
    assertThat(config.text()).contains("parameters may hold version, traffic");
    assertThat(change(LOAD, model("")).text()).contains("model_name must be");
    assertThat(change(LOAD, with(model("colors"), "version", "x")).text()).contains("version must");
    assertThat(change(LOAD, model("nothing")).status()).isEqualTo(GrpcStatus.NOT_FOUND.code());
  }

  @Test
  void configurationIsTritons() {
    ProtoFields config =
        client
            .call(INFERENCE + "ModelConfig", of("colors").text(2, "1"))
            .message()
            .messages(1)
            .get(0);

    assertThat(config.text(1)).isEqualTo("colors");
    assertThat(config.text(2)).isEqualTo("onnxruntime_onnx");
    assertThat(config.text(17)).isEqualTo("onnxruntime");
    assertThat(config.number(4)).isEqualTo(32);
    ProtoFields input = config.messages(5).get(0);
    assertThat(input.text(1)).isEqualTo("pixel_values");
    assertThat(input.number(2)).as("TYPE_FP32").isEqualTo(11);
    assertThat(input.number(3)).as("FORMAT_NCHW").isEqualTo(2);
    assertThat(input.numbers(4)).containsExactly(3L, 32L, 32L);
    assertThat(config.messages(6).get(0).numbers(3)).containsExactly(6L);
  }
}
