package dev.glimpse.api.grpc.services;

import static dev.glimpse.api.grpc.services.GrpcClient.HEALTH;
import static dev.glimpse.api.grpc.services.GrpcClient.INFERENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.glimpse.api.grpc.GrpcStatus;
import dev.glimpse.api.grpc.MessageWriter;
import dev.glimpse.api.grpc.services.GrpcClient.Reply;
import dev.glimpse.memory.RequestMemory;
import dev.glimpse.support.TensorModels;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What calls may hold, those without a key above all. */
@QuarkusTest
@TestProfile(TensorModels.class)
class GrpcMemoryTest {

  private static final Map<String, String> GZIP = Map.of("grpc-encoding", "gzip");

  @Inject RequestMemory memory;
  private GrpcClient client;

  @BeforeEach
  void connect() {
    client = new GrpcClient(RestAssured.port);
  }

  @AfterEach
  void close() {
    client.close();
  }

  private static byte[] packed(byte[] message) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(message);
    }
    return ByteBuffer.allocate(5 + bytes.size())
        .put((byte) 1)
        .putInt(bytes.size())
        .put(bytes.toByteArray())
        .array();
  }

  private void holdsNothing() {
    await().until(() -> memory.firstBytes().used() == 0 && memory.bodies().used() == 0);
  }

  @Test
  void watchesHoldNoMemoryOfBodiesAndOneNetworkHasNotAllOfThem() throws Exception {
    List<GrpcStream> watches = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      GrpcStream watch = new GrpcStream(client, HEALTH + "Watch", GZIP);
      watch.send(new MessageWriter().framed());
      watch.end();
      assertThat(watch.next().number(1)).isEqualTo(1);
      watches.add(watch);
    }
    holdsNothing();

    Reply refused = client.call(HEALTH + "Watch", new MessageWriter());
    assertThat(refused.status()).isEqualTo(GrpcStatus.UNAVAILABLE.code());
    watches.forEach(GrpcStream::cancel);
  }

  @Test
  void smallCallsAreDecompressedToLittle() throws Exception {
    byte[] bomb = packed(new byte[1 << 20]);
    for (String method : List.of(HEALTH + "Check", INFERENCE + "ServerLive")) {
      Reply refused = GrpcClient.await(client.send(method, bomb, GZIP));
      assertThat(refused.status()).isEqualTo(GrpcStatus.RESOURCE_EXHAUSTED.code());
      assertThat(refused.text()).contains("4096");
      Reply unknown =
          GrpcClient.await(client.send(method, bomb, Map.of("grpc-encoding", "snappy")));
      assertThat(unknown.status()).isEqualTo(GrpcStatus.UNIMPLEMENTED.code());
    }
    Reply large = client.call(HEALTH + "Check", new MessageWriter().text(1, "a".repeat(5000)));
    assertThat(large.status()).isEqualTo(GrpcStatus.RESOURCE_EXHAUSTED.code());
  }

  @Test
  void longNamesAreNotRepeated() {
    String name = "€".repeat(100_000);
    Reply model = client.call(INFERENCE + "ModelInfer", new MessageWriter().text(1, name));
    assertThat(model.status()).isEqualTo(GrpcStatus.INVALID_ARGUMENT.code());
    assertThat(model.text()).contains("model_name must have at most 256 bytes");
    Reply service = client.call(HEALTH + "Check", new MessageWriter().text(1, "a".repeat(257)));
    assertThat(service.status()).isEqualTo(GrpcStatus.INVALID_ARGUMENT.code());
  }

  @Test
  void compressedMessagesOfAStreamReleaseWhatTheyHold() throws Exception {
    GrpcStream stream = new GrpcStream(client, INFERENCE + "ModelStreamInfer", GZIP);
    byte[] plain = InferRequests.rawTable().toBytes();
    for (int i = 0; i < 3; i++) {
      stream.send(packed(plain));
      assertThat(stream.next().text(1)).isEmpty();
    }
    stream.end();

    assertThat(GrpcClient.await(stream.status())).isZero();
    holdsNothing();
  }
}
