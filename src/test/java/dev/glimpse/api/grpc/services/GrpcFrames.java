package dev.glimpse.api.grpc.services;

import static dev.glimpse.api.grpc.services.GrpcClient.HEALTH;
import static dev.glimpse.api.grpc.services.GrpcClient.INFERENCE;
import static dev.glimpse.support.Http2Connection.frame;
import static io.netty.handler.codec.http2.Http2Error.COMPRESSION_ERROR;
import static io.netty.handler.codec.http2.Http2Error.FLOW_CONTROL_ERROR;
import static io.netty.handler.codec.http2.Http2Error.FRAME_SIZE_ERROR;
import static io.netty.handler.codec.http2.Http2Error.PROTOCOL_ERROR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.glimpse.api.grpc.GrpcStatus;
import dev.glimpse.support.Http2Connection;
import dev.glimpse.support.Http2Connection.Frame;
import dev.glimpse.support.Http2Connection.Kind;
import io.netty.handler.codec.http2.Http2Error;
import io.restassured.RestAssured;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Sends frames and messages that are malformed themselves, while a message of a call is arriving:
 * they end their stream, or their connection, with the error that <a
 * href="https://www.rfc-editor.org/rfc/rfc9113">RFC 9113</a> or gRPC asks for, and no other.
 */
@Timeout(60)
abstract class GrpcFrames {

  private static final String INFER = INFERENCE + "ModelInfer";
  private static final String STREAM = INFERENCE + "ModelStreamInfer";
  private static final String LIVE = "/q/health/live";

  private static final int GO_AWAY = 7;
  private static final int CALL = 1;
  private static final int OTHER = 3;
  private static final int IDLE = 5;

  private static final int END_STREAM = 0x1;
  private static final int ACK = 0x1;
  private static final int END_HEADERS = 0x4;
  private static final int PADDED = 0x8;

  private GrpcClient client;
  private GrpcStream stream;

  /** Opens a stream on another connection, which is not to notice anything. */
  @BeforeEach
  void connect() throws Exception {
    client = new GrpcClient(RestAssured.port);
    stream = new GrpcStream(client, STREAM, Map.of());
    othersGoOn();
  }

  @AfterEach
  void close() throws Exception {
    othersGoOn();
    stream.end();
    assertThat(GrpcClient.await(stream.status())).isZero();
    client.close();
  }

  private void othersGoOn() throws Exception {
    stream.send(InferRequests.rawTable().framed());
    assertThat(stream.next().text(1)).isEmpty();
  }

  /** Is a fault, and the error that it ends its connection or its stream with. */
  private record Fault(String name, Http2Error error, byte[] frames) {

    @Override
    public String toString() {
      return name;
    }
  }

  private static Fault fault(String name, Http2Error error, byte[]... frames) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] frame : frames) {
      all.writeBytes(frame);
    }
    return new Fault(name, error, all.toByteArray());
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private static byte[] setting(int id, int value) {
    return ByteBuffer.allocate(6).putShort((short) id).putInt(value).array();
  }

  private static byte[] head(byte[] fields) {
    return frame(Kind.HEADERS, END_HEADERS | END_STREAM, OTHER, fields);
  }

  private static byte[] fields(byte[] before, byte[] after) {
    byte[] all = Arrays.copyOf(before, before.length + after.length);
    System.arraycopy(after, 0, all, before.length, after.length);
    return all;
  }

  /** Returns a field that is not to be remembered. */
  private static byte[] field(String name, String value) {
    ByteArrayOutputStream field = new ByteArrayOutputStream();
    field.write(0);
    for (String text : List.of(name, value)) {
      field.write(text.length());
      field.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }
    return field.toByteArray();
  }

  static List<Fault> faultsOfConnections() {
    byte[] live = Http2Connection.getFields(LIVE);
    return List.of(
        fault("data of no stream", PROTOCOL_ERROR, frame(Kind.DATA, 0, 0, new byte[1])),
        fault("data of an idle stream", PROTOCOL_ERROR, frame(Kind.DATA, 0, IDLE, new byte[1])),
        fault("a frame too large", FRAME_SIZE_ERROR, frame(Kind.DATA, 0, CALL, new byte[16_385])),
        fault("too much padding", PROTOCOL_ERROR, frame(Kind.DATA, PADDED, CALL, bytes(9, 0))),
        fault("a head of no stream", PROTOCOL_ERROR, frame(Kind.HEADERS, END_HEADERS, 0, live)),
        fault(
            "a head of an even stream", PROTOCOL_ERROR, frame(Kind.HEADERS, END_HEADERS, 2, live)),
        fault("an index of no field", COMPRESSION_ERROR, head(bytes(0x80))),
        fault("an index beyond the table", COMPRESSION_ERROR, head(bytes(0xFF, 0x7F))),
        fault("half a field", COMPRESSION_ERROR, head(bytes(0x40, 9, 'x'))),
        fault("a table too large", COMPRESSION_ERROR, head(bytes(0x3F, 0xE2, 0xFF, 0x03))),
        fault(
            "a head too short for its padding",
            FRAME_SIZE_ERROR,
            frame(Kind.HEADERS, END_HEADERS | PADDED, OTHER, new byte[0])),
        fault(
            "more of a head that has not begun",
            PROTOCOL_ERROR,
            frame(Kind.CONTINUATION, END_HEADERS, CALL, live)),
        fault(
            "a ping within a head",
            PROTOCOL_ERROR,
            frame(Kind.HEADERS, 0, OTHER, live),
            frame(Kind.PING, 0, 0, new byte[8])),
        fault(
            "the head of another stream within a head",
            PROTOCOL_ERROR,
            frame(Kind.HEADERS, 0, OTHER, live),
            frame(Kind.CONTINUATION, END_HEADERS, IDLE, live)),
        fault("a window of 0 more", PROTOCOL_ERROR, frame(Kind.WINDOW_UPDATE, 0, 0, new byte[4])),
        fault("a short update", FRAME_SIZE_ERROR, frame(Kind.WINDOW_UPDATE, 0, 0, new byte[3])),
        fault(
            "a window too large",
            FLOW_CONTROL_ERROR,
            frame(Kind.WINDOW_UPDATE, 0, 0, bytes(0x7F, 0xFF, 0xFF, 0xFF))),
        fault(
            "five sixths of a setting", FRAME_SIZE_ERROR, frame(Kind.SETTINGS, 0, 0, new byte[5])),
        fault(
            "an ack with settings", FRAME_SIZE_ERROR, frame(Kind.SETTINGS, ACK, 0, setting(4, 9))),
        fault("settings of a stream", PROTOCOL_ERROR, frame(Kind.SETTINGS, 0, CALL, setting(4, 9))),
        fault("a push of 2", PROTOCOL_ERROR, frame(Kind.SETTINGS, 0, 0, setting(2, 2))),
        fault("windows too large", FLOW_CONTROL_ERROR, frame(Kind.SETTINGS, 0, 0, setting(4, -1))),
        fault("frames too small", PROTOCOL_ERROR, frame(Kind.SETTINGS, 0, 0, setting(5, 1))),
        fault("a reset of no stream", PROTOCOL_ERROR, frame(Kind.RST_STREAM, 0, 0, new byte[4])),
        fault("a reset of an idle stream", PROTOCOL_ERROR, Http2Connection.cancel(IDLE)),
        fault("a short reset", FRAME_SIZE_ERROR, frame(Kind.RST_STREAM, 0, CALL, new byte[3])),
        fault("a short ping", FRAME_SIZE_ERROR, frame(Kind.PING, 0, 0, new byte[7])),
        fault("a ping of a stream", PROTOCOL_ERROR, frame(Kind.PING, 0, CALL, new byte[8])),
        fault("an end of a stream", PROTOCOL_ERROR, frame(Kind.GO_AWAY, 0, CALL, new byte[8])),
        fault("a short end", FRAME_SIZE_ERROR, frame(Kind.GO_AWAY, 0, 0, new byte[7])),
        fault(
            "a promise of a client",
            PROTOCOL_ERROR,
            frame(Kind.PUSH_PROMISE, END_HEADERS, CALL, fields(new byte[] {0, 0, 0, 2}, live))));
  }

  @ParameterizedTest
  @MethodSource("faultsOfConnections")
  void connectionsEndWithTheirError(Fault fault) throws Exception {
    try (Http2Connection connection = open()) {
      begin(connection);
      connection.send(fault.frames());

      Frame end = await(connection, GO_AWAY, 0);
      assertThat(error(end, 4)).isEqualTo(fault.error());
      assertThatExceptionOfType(Exception.class)
          .isThrownBy(() -> readAll(connection))
          .isInstanceOfAny(EOFException.class, SocketException.class);
    }
  }

  static List<Fault> faultsOfStreams() {
    byte[] live = Http2Connection.getFields(LIVE);
    byte[] post = Http2Connection.postFields("/predict");
    return List.of(
        fault("a window of 0 more", PROTOCOL_ERROR, begun(), update(new byte[4])),
        fault(
            "a window too large",
            FLOW_CONTROL_ERROR,
            begun(),
            update(bytes(0x7F, 0xFF, 0xFF, 0xFF))),
        fault(
            "data too short for its padding",
            FRAME_SIZE_ERROR,
            begun(),
            frame(Kind.DATA, PADDED, OTHER, new byte[0])),
        fault("a name in capitals", PROTOCOL_ERROR, head(fields(live, field("Name", "value")))),
        fault(
            "a name for connections", PROTOCOL_ERROR, head(fields(live, field("connection", "x")))),
        fault("a pseudo-header at the end", PROTOCOL_ERROR, head(fields(field("a", "b"), live))),
        fault("a pseudo-header twice", PROTOCOL_ERROR, head(fields(live, bytes(0x82)))),
        fault("an unknown pseudo-header", PROTOCOL_ERROR, head(fields(live, field(":a", "b")))),
        fault("no path", PROTOCOL_ERROR, head(bytes(0x82, 0x86))),
        fault(
            "more than its length",
            PROTOCOL_ERROR,
            frame(Kind.HEADERS, END_HEADERS, OTHER, fields(post, field("content-length", "2"))),
            frame(Kind.DATA, 0, OTHER, new byte[3])),
        fault(
            "less than its length",
            PROTOCOL_ERROR,
            frame(Kind.HEADERS, END_HEADERS, OTHER, fields(post, field("content-length", "2"))),
            frame(Kind.DATA, END_STREAM, OTHER, new byte[1])));
  }

  private static byte[] begun() {
    return Http2Connection.beginPost(OTHER, INFER, "application/grpc");
  }

  private static byte[] update(byte[] more) {
    return frame(Kind.WINDOW_UPDATE, 0, OTHER, more);
  }

  @ParameterizedTest
  @MethodSource("faultsOfStreams")
  void streamsEndWithTheirErrorAndTheirConnectionGoesOn(Fault fault) throws Exception {
    try (Http2Connection connection = open()) {
      begin(connection);
      connection.send(fault.frames());

      assertThat(error(await(connection, Http2Connection.RESET, OTHER), 0))
          .isEqualTo(fault.error());
      requireAnswer(connection);
    }
  }

  @Test
  void whatIsUnknownIsIgnored() throws Exception {
    try (Http2Connection connection = open()) {
      byte[] message = begin(connection);
      connection.send(frame(Kind.UNKNOWN, 0xFF, 0, new byte[9]));
      connection.send(frame(Kind.UNKNOWN, 0xFF, CALL, new byte[9]));
      connection.send(frame(Kind.SETTINGS, 0, 0, setting(0x99, 1)));
      connection.send(frame(Kind.DATA, 0xFE, CALL, fields(bytes(2, message[BEGUN]), new byte[2])));
      connection.send(
          frame(
              Kind.DATA, END_STREAM, CALL, Arrays.copyOfRange(message, BEGUN + 1, message.length)));

      assertThat(await(connection, Http2Connection.HEADERS, CALL).isOk()).isTrue();
      assertThat(await(connection, Http2Connection.DATA, CALL).payload()).isNotEmpty();
      requireAnswer(connection);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "INFER, '', INVALID_ARGUMENT",
    "INFER, 00000000, INVALID_ARGUMENT",
    "INFER, 0000000009ff, INVALID_ARGUMENT",
    "INFER, 0000000002ffff, INVALID_ARGUMENT",
    "INFER, 00ffffffffff, INVALID_ARGUMENT",
    "INFER, 0100000000, INTERNAL",
    "INFER, 0200000000, INVALID_ARGUMENT",
    "INFER, 00000000000000000000, INVALID_ARGUMENT",
    "STREAM, 00000000, INVALID_ARGUMENT",
    "STREAM, 0000000009ff, INVALID_ARGUMENT",
    "STREAM, 00ffffffffff, RESOURCE_EXHAUSTED",
    "CHECK, 0000000009ff, INVALID_ARGUMENT",
    "CHECK, 0000000002ffff, INVALID_ARGUMENT",
    "CHECK, 00ffffffffff, INVALID_ARGUMENT",
    "CHECK, 0100000000, INTERNAL",
    "WATCH, 0000000002ffff, INVALID_ARGUMENT",
  })
  void malformedMessagesEndTheirCall(String method, String hex, GrpcStatus status) {
    String path =
        switch (method) {
          case "INFER" -> INFER;
          case "STREAM" -> STREAM;
          case "CHECK" -> HEALTH + "Check";
          default -> HEALTH + "Watch";
        };
    GrpcClient.Reply reply =
        GrpcClient.await(client.send(path, HexFormat.of().parseHex(hex), Map.of()));

    assertThat(reply.status()).as(reply.text()).isEqualTo(status.code());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"application/grpc+json", "application/grpc-web", "application/json", "text/plain"})
  void otherTypesAreNotSupported(String type) throws Exception {
    byte[] message = InferRequests.rawTable().framed();
    try (Http2Connection connection = open()) {
      connection.send(Http2Connection.post(CALL, INFER, type, message));

      Frame head = await(connection, Http2Connection.HEADERS, CALL);
      assertThat(head.headers().status()).hasToString("415");
      requireAnswer(connection);
    }
  }

  /** A client learns of the whole response at once, which a busy one would read in two turns. */
  @Test
  void aResponseIsWrittenAtOnce() throws Exception {
    byte[] message = InferRequests.rawTable().framed();
    try (Http2Connection connection = open()) {
      for (int call = 1; call < 100; call += 2) {
        connection.send(Http2Connection.post(call, INFER, "application/grpc", message));
        int before = connection.reads();
        assertThat(await(connection, Http2Connection.HEADERS, call).isOk()).isTrue();
        assertThat(await(connection, Http2Connection.DATA, call).payload()).isNotEmpty();
        await(connection, Http2Connection.HEADERS, call);
        if (call > 1) { // the settings come before the first
          assertThat(connection.reads() - before).as("parts of the response %d", call).isOne();
        }
      }
    }
  }

  /** Each after requests whose bodies no window lets out. */
  @Test
  void headsAreSentWhateverTheWindow() throws Exception {
    try (Http2Connection connection = new Http2Connection(RestAssured.port, 0)) {
      Set<Integer> withoutBody = new HashSet<>();
      int request = 1;
      for (String path : List.of("/models", "/v2", "/v2/models/colors", LIVE, "/nothing")) {
        connection.send(Http2Connection.get(request, path));
        Frame head = await(connection, Http2Connection.HEADERS, request);
        assertThat(head.isOk()).as(path).isEqualTo(!path.equals("/nothing"));
        withoutBody.add(request);
        request += 2;
      }
      connection.send(frame(Kind.SETTINGS, 0, 0, setting(4, 65_535)));
      while (!withoutBody.isEmpty()) {
        Frame frame = connection.read();
        if (frame.type() == Http2Connection.DATA) {
          withoutBody.remove(frame.stream());
        }
      }
    }
  }

  /** How much of the message has arrived when the fault does. */
  private static final int BEGUN = 9;

  private static Http2Connection open() throws Exception {
    return new Http2Connection(RestAssured.port, 65_535);
  }

  /** Begins a call; returns its whole message. */
  private static byte[] begin(Http2Connection connection) throws Exception {
    byte[] message = InferRequests.rawTable().framed();
    connection.send(Http2Connection.beginPost(CALL, INFER, "application/grpc"));
    connection.send(frame(Kind.DATA, 0, CALL, Arrays.copyOf(message, BEGUN)));
    return message;
  }

  private static void requireAnswer(Http2Connection connection) throws Exception {
    connection.send(Http2Connection.get(99, LIVE));
    assertThat(await(connection, Http2Connection.HEADERS, 99).isOk()).isTrue();
  }

  /** Reads until a frame of a type comes for a stream. */
  private static Frame await(Http2Connection connection, int type, int stream) throws Exception {
    Frame frame = connection.read();
    while (frame.type() != type || frame.stream() != stream) {
      frame = connection.read();
    }
    return frame;
  }

  private static Http2Error error(Frame frame, int at) {
    return Http2Error.valueOf(ByteBuffer.wrap(frame.payload()).getInt(at));
  }

  private static void readAll(Http2Connection connection) throws Exception {
    while (true) {
      connection.read();
    }
  }
}
