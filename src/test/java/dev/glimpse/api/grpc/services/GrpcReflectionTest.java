package dev.glimpse.api.grpc.services;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.api.grpc.GrpcStatus;
import dev.glimpse.api.grpc.MessageWriter;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that ask which services there are. */
@QuarkusTest
@TestProfile(GrpcPressure.class)
class GrpcReflectionTest {

  private static final String REFLECT = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";

  private GrpcClient client;

  @BeforeEach
  void connect() {
    client = new GrpcClient(RestAssured.port);
  }

  @AfterEach
  void close() {
    client.close();
  }

  private static byte[] ask(int field, String text) {
    return new MessageWriter()
        .text(1, "here")
        .element(field, text.getBytes(StandardCharsets.UTF_8))
        .framed();
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1", "v1alpha"})
  void questionsAreAnsweredInOrder(String version) throws Exception {
    GrpcStream stream = new GrpcStream(client, REFLECT.replace("v1", version), Map.of());
    stream.send(ask(7, ""));
    ProtoFields services = stream.next();
    assertThat(services.text(1)).isEqualTo("here");
    assertThat(services.messages(2).get(0).all(7)).as("the request").hasSize(1);
    assertThat(services.messages(6).get(0).messages(1))
        .extracting(service -> service.text(1))
        .containsExactly(
            "grpc.health.v1.Health",
            "grpc.reflection.v1.ServerReflection",
            "grpc.reflection.v1alpha.ServerReflection",
            "inference.GRPCInferenceService");

    stream.send(ask(4, "inference.GRPCInferenceService"));
    byte[] file = stream.next().messages(4).get(0).allBytes(1).get(0);
    assertThat(ProtoFields.of(file).text(1)).isEqualTo("inference.proto");
    stream.send(ask(3, "inference.proto"));
    assertThat(stream.next().messages(4).get(0).allBytes(1)).containsExactly(file);
    for (int field : List.of(3, 4, 6)) {
      stream.send(ask(field, "other"));
      assertThat(stream.next().messages(7).get(0).number(1)).isEqualTo(GrpcStatus.NOT_FOUND.code());
    }
    stream.send(ask(6, "inference.ModelInferRequest"));
    assertThat(stream.next().messages(5).get(0).text(1)).isEqualTo("inference.ModelInferRequest");
    stream.send(ask(2, ""));
    assertThat(stream.next().messages(7).get(0).number(1))
        .isEqualTo(GrpcStatus.INVALID_ARGUMENT.code());
    stream.end();
    assertThat(GrpcClient.await(stream.status())).isZero();
  }

  @Test
  void everyMethodThatIsDescribedIsServed() {
    ServiceFiles files = new ServiceFiles();
    for (String service : files.services()) {
      ProtoFields file = ProtoFields.of(files.declaring(service).orElseThrow());
      for (ProtoFields method : file.messages(6).get(0).messages(2)) {
        String address = "/" + service + "/" + method.text(1);
        GrpcStream call = new GrpcStream(client, address, Map.of("grpc-timeout", "5S"));
        call.send(new MessageWriter().framed());
        call.end();
        if (!address.endsWith("/Watch")) {
          assertThat(GrpcClient.await(call.status()))
              .as(address)
              .isNotEqualTo(GrpcStatus.UNIMPLEMENTED.code());
        }
        call.cancel();
      }
    }
  }

  @Test
  void aQuestionIsShort() {
    GrpcStream stream = new GrpcStream(client, REFLECT, Map.of());
    stream.send(ask(4, "a".repeat(5000)));
    assertThat(GrpcClient.await(stream.status())).isEqualTo(GrpcStatus.RESOURCE_EXHAUSTED.code());
    stream.cancel();
  }
}
