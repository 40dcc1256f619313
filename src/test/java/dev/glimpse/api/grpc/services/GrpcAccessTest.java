package dev.glimpse.api.grpc.services;

import static dev.glimpse.api.grpc.services.GrpcClient.HEALTH;
import static dev.glimpse.api.grpc.services.GrpcClient.INFERENCE;
import static dev.glimpse.api.grpc.services.InferRequests.of;
import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.api.grpc.GrpcStatus;
import dev.glimpse.api.grpc.MessageWriter;
import dev.glimpse.support.GuardedModels;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls where requests need keys. */
@QuarkusTest
@TestProfile(GrpcAccessTest.Reflecting.class)
class GrpcAccessTest {

  /** Also tells its services. */
  public static class Reflecting extends GuardedModels {

    @Override
    public Map<String, String> getConfigOverrides() {
      Map<String, String> settings = new HashMap<>(super.getConfigOverrides());
      settings.put("glimpse.grpc.reflection", "true");
      return settings;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1", "v1alpha"})
  void reflectionNeedsAKeyOfAnyRole(String version) throws Exception {
    String method = "/grpc.reflection." + version + ".ServerReflection/ServerReflectionInfo";
    MessageWriter list = new MessageWriter().text(7, "*");
    try (GrpcClient client = new GrpcClient(RestAssured.port)) {
      GrpcClient.Reply none = client.call(method, list);
      assertThat(none.status()).isEqualTo(GrpcStatus.UNAUTHENTICATED.code());
      assertThat(none.messages()).isEmpty();
      for (String key : List.of(GuardedModels.OBSERVE, GuardedModels.PREDICT)) {
        assertThat(client.call(method, list, key(key)).message().messages(6)).isNotEmpty();
      }
    }
  }

  @Test
  void callsNeedAKeyWithTheirRole() throws Exception {
    try (GrpcClient client = new GrpcClient(RestAssured.port)) {
      String method = INFERENCE + "ModelMetadata";
      GrpcClient.Reply none = client.call(method, of("colors"));
      assertThat(none.status()).isEqualTo(GrpcStatus.UNAUTHENTICATED.code());
      assertThat(none.text()).contains("Send a key");
      assertThat(client.call(method, of("colors"), key(GuardedModels.OBSERVE)).status())
          .isEqualTo(GrpcStatus.PERMISSION_DENIED.code());
      assertThat(client.call(method, of("colors"), key(GuardedModels.PREDICT)).status()).isZero();
      Map<String, String> token = Map.of("authorization", "Bearer " + GuardedModels.token());
      assertThat(client.call(method, of("colors"), token).status()).isZero();
      assertThat(
              client
                  .call(
                      INFERENCE + "RepositoryIndex",
                      new MessageWriter(),
                      key(GuardedModels.OBSERVE))
                  .status())
          .isZero();
      assertThat(client.call(INFERENCE + "Other", of(""), key(GuardedModels.PREDICT)).status())
          .isEqualTo(GrpcStatus.PERMISSION_DENIED.code());
      assertThat(client.call(HEALTH + "Check", new MessageWriter()).status()).isZero();
    }
  }

  /** The names of models are not told to those who may not use them. */
  @Test
  void refusalsNameNoModel() throws Exception {
    try (GrpcClient client = new GrpcClient(RestAssured.port)) {
      for (String method :
          List.of("ModelInfer", "ModelStreamInfer", "ModelMetadata", "ModelReady", "ModelConfig")) {
        for (Map<String, String> headers :
            List.of(key(GuardedModels.OBSERVE), Map.<String, String>of())) {
          GrpcClient.Reply refused = client.call(INFERENCE + method, of("nothing"), headers);
          assertThat(refused.status()).as(method).isNotZero();
          assertThat(refused.messages()).as(method).isEmpty();
          assertThat(refused.text()).as(method).doesNotContain("colors", "Served");
        }
      }
    }
  }

  private static Map<String, String> key(String key) {
    return Map.of("x-api-key", key);
  }
}
