package dev.glimpse.api.grpc.services;

import static dev.glimpse.api.grpc.services.GrpcClient.HEALTH;
import static dev.glimpse.api.grpc.services.GrpcClient.INFERENCE;
import static dev.glimpse.api.grpc.services.InferRequests.floats;
import static dev.glimpse.api.grpc.services.InferRequests.input;
import static dev.glimpse.api.grpc.services.InferRequests.longs;
import static dev.glimpse.api.grpc.services.InferRequests.of;
import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.api.grpc.GrpcStatus;
import dev.glimpse.api.grpc.MessageWriter;
import dev.glimpse.support.Http2Connection;
import dev.glimpse.support.TensorModels;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls with many messages. */
@QuarkusTest
@TestProfile(TensorModels.class)
class GrpcStreamTest {

  private GrpcClient client;

  @BeforeEach
  void connect() {
    client = new GrpcClient(RestAssured.port);
  }

  @AfterEach
  void close() {
    client.close();
  }

  private GrpcStream infer(Map<String, String> headers) {
    return new GrpcStream(client, INFERENCE + "ModelStreamInfer", headers);
  }

  private static byte[] lookup(int id, long number) {
    return of("lookup")
        .text(3, Integer.toString(id))
        .message(5, input("number", "INT64", 1L))
        .element(7, longs(number))
        .framed();
  }

  @Test
  void requestsAreAnsweredInOrderAndOneThatFailsEndsNothing() throws Exception {
    GrpcStream stream = infer(Map.of());
    stream.send(InferRequests.rawTable().framed());
    ProtoFields first = stream.next().messages(2).get(0);
    assertThat(first.text(3)).isEqualTo("row 7");
    assertThat(first.allBytes(6)).containsExactly(floats(22, 1.75f), longs(1, 0));

    stream.send(lookup(1, 9));
    stream.send(lookup(2, 1));
    stream.send(of("nothing").text(3, "3").framed());
    ProtoFields failed = stream.next();
    assertThat(failed.text(1)).contains("cannot be run on these tensors");
    assertThat(failed.messages(2).get(0).text(3)).isEqualTo("1");
    assertThat(stream.next().messages(2).get(0).text(3)).isEqualTo("2");
    assertThat(stream.next().text(1)).contains("no model \"nothing\"");
    stream.end();

    assertThat(GrpcClient.await(stream.status())).isZero();
  }

  @Test
  void messagesMayBeDividedAnyhow() throws Exception {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int id = 0; id < 100; id++) {
      all.writeBytes(lookup(id, id % 3));
    }
    GrpcStream stream = infer(Map.of());
    byte[] bytes = all.toByteArray();
    for (int at = 0; at < 40; at++) {
      stream.send(new byte[] {bytes[at]});
    }
    stream.send(Arrays.copyOfRange(bytes, 40, bytes.length));
    stream.end();

    for (int id = 0; id < 100; id++) {
      ProtoFields response = stream.next();
      assertThat(response.text(1)).isEmpty();
      assertThat(response.messages(2).get(0).text(3)).isEqualTo(Integer.toString(id));
    }
    assertThat(GrpcClient.await(stream.status())).isZero();
  }

  @Test
  void aMessageOfTheLargestSizeIsReadAndALargerOneEndsTheStream() throws Exception {
    GrpcStream stream = infer(Map.of());
    byte[] whole = new byte[5 + TensorModels.MOST_BYTES];
    ByteBuffer.wrap(whole).put((byte) 0).putInt(TensorModels.MOST_BYTES);
    stream.send(whole);
    assertThat(stream.next().text(1)).contains("not a ModelInferRequest"); // a tag of 0

    stream.send(ByteBuffer.allocate(5).put((byte) 0).putInt(TensorModels.MOST_BYTES + 1).array());
    assertThat(GrpcClient.await(stream.status())).isEqualTo(GrpcStatus.RESOURCE_EXHAUSTED.code());
  }

  @Test
  void anIncompleteMessageIsRefused() {
    GrpcStream stream = infer(Map.of());
    stream.send(new byte[] {0, 0, 0, 0, 9, 1});
    stream.end();

    assertThat(GrpcClient.await(stream.status())).isEqualTo(GrpcStatus.INVALID_ARGUMENT.code());
  }

  @Test
  void aStreamWithoutMessagesEndsWell() {
    GrpcStream stream = infer(Map.of());
    stream.end();

    assertThat(GrpcClient.await(stream.status())).isZero();
  }

  @Test
  void anUnknownCompressionIsUnimplemented() {
    GrpcStream stream = infer(Map.of("grpc-encoding", "zstd"));

    assertThat(GrpcClient.await(stream.status())).isEqualTo(GrpcStatus.UNIMPLEMENTED.code());
  }

  @Test
  void aCancelledStreamLeavesItsConnection() throws Exception {
    for (int i = 0; i < 20; i++) {
      GrpcStream stream = infer(Map.of());
      stream.send(lookup(i, 1));
      stream.cancel();
    }
    GrpcStream stream = infer(Map.of());
    stream.send(lookup(7, 1));
    assertThat(stream.next().messages(2).get(0).text(3)).isEqualTo("7");
    stream.end();
  }

  @Test
  void healthIsWatched() throws Exception {
    GrpcStream known = new GrpcStream(client, HEALTH + "Watch", Map.of());
    known.send(new MessageWriter().framed());
    known.end();
    assertThat(known.next().number(1)).isEqualTo(1);
    known.cancel();

    GrpcStream unknown = new GrpcStream(client, HEALTH + "Watch", Map.of());
    unknown.send(of("other").framed());
    unknown.end();
    assertThat(unknown.next().number(1)).isEqualTo(3);
    unknown.cancel();
  }

  /** As clients do that have read all they want; no window lets the rest out here. */
  @ParameterizedTest
  @ValueSource(strings = {"/inference.GRPCInferenceService/ServerLive", "/q/health/live"})
  void aCallThatIsCancelledWhileItsResponseWaitsEndsNoOther(String path) throws Exception {
    try (Http2Connection connection = new Http2Connection(RestAssured.port, 0)) {
      connection.send(
          path.equals("/q/health/live")
              ? Http2Connection.get(1, path)
              : Http2Connection.post(1, path, "application/grpc", new byte[5]));
      assertThat(response(connection, 1)).isTrue();
      connection.send(Http2Connection.cancel(1));
      connection.send(Http2Connection.get(3, "/q/health/live"));

      assertThat(response(connection, 3)).isTrue();
    }
  }

  /** Waits for the first headers of a response; returns whether its status is 200. */
  private static boolean response(Http2Connection connection, int stream) throws Exception {
    Http2Connection.Frame frame;
    do {
      frame = connection.read();
    } while (frame.type() != Http2Connection.HEADERS || frame.stream() != stream);
    return frame.isOk();
  }
}
