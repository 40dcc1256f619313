package dev.glimpse.api.grpc.services;

import static dev.glimpse.api.grpc.services.GrpcClient.INFERENCE;
import static dev.glimpse.api.grpc.services.InferRequests.input;
import static dev.glimpse.api.grpc.services.InferRequests.longs;
import static dev.glimpse.api.grpc.services.InferRequests.of;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.glimpse.api.grpc.GrpcStatus;
import dev.glimpse.memory.RequestMemory;
import dev.glimpse.memory.Reservation;
import dev.glimpse.support.Command;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.Http2Connection;
import dev.glimpse.support.Http2Connection.Kind;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.vertx.core.Future;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many calls, and clients that misbehave: nothing is lost, and nothing is held afterwards. */
@QuarkusTest
@TestProfile(GrpcPressure.class)
@Timeout(120)
class GrpcLoadTest {

  private static final String INFER = INFERENCE + "ModelInfer";
  private static final String STREAM = INFERENCE + "ModelStreamInfer";

  private static final int GO_AWAY = 7;

  @Inject RequestMemory memory;
  @Inject HeldResources held;

  @AfterEach
  void nothingIsHeld() {
    held.awaitNone();
  }

  private static byte[] lookup(int id) {
    return of("lookup")
        .text(3, Integer.toString(id))
        .message(5, input("number", "INT64", 1L))
        .element(7, longs(id % 3))
        .framed();
  }

  @Test
  void hundredsOfStreamsOfOneConnectionAreServedAtOnce() throws Exception {
    try (GrpcClient client = new GrpcClient(RestAssured.port)) {
      List<GrpcStream> streams = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        streams.add(new GrpcStream(client, STREAM, Map.of()));
      }
      for (int round = 0; round < 3; round++) {
        for (int i = 0; i < streams.size(); i++) {
          streams.get(i).send(lookup(1000 * round + i));
        }
        for (int i = 0; i < streams.size(); i++) {
          ProtoFields response = streams.get(i).next();
          assertThat(response.text(1)).isEmpty();
          assertThat(response.messages(2).get(0).text(3))
              .isEqualTo(Integer.toString(1000 * round + i));
        }
      }
      streams.forEach(GrpcStream::end);
      for (GrpcStream stream : streams) {
        assertThat(GrpcClient.await(stream.status())).isZero();
      }
    }
  }

  @Test
  void aThousandCallsOfOneConnectionAreAnswered() {
    try (GrpcClient client = new GrpcClient(RestAssured.port)) {
      List<Future<GrpcClient.Reply>> replies = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        replies.add(client.send(INFER, lookup(i), Map.of()));
      }
      for (int i = 0; i < replies.size(); i++) {
        ProtoFields answer = GrpcClient.await(replies.get(i)).message();
        assertThat(answer.text(3)).isEqualTo(Integer.toString(i));
      }
    }
  }

  /** Each of the responses waits until the client allows some bytes more. */
  @Test
  void aSlowReaderGetsAllInOrder() throws Exception {
    try (GrpcClient client = new GrpcClient(RestAssured.port, 64)) {
      GrpcStream stream = new GrpcStream(client, STREAM, Map.of(), 20);
      for (int i = 0; i < 30; i++) {
        stream.send(lookup(i));
      }
      stream.end();
      for (int i = 0; i < 30; i++) {
        assertThat(stream.next().messages(2).get(0).text(3)).isEqualTo(Integer.toString(i));
      }
      assertThat(GrpcClient.await(stream.status())).isZero();
    }
  }

  /** The service closes the connection after glimpse.http.write-timeout. */
  @Test
  void aClientThatNeverReadsHoldsNoWorkerAndEndsSoon() {
    try (GrpcClient client = new GrpcClient(RestAssured.port, 16);
        GrpcClient other = new GrpcClient(RestAssured.port)) {
      List<GrpcStream> stalled = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        GrpcStream stream = new GrpcStream(client, STREAM, Map.of(), -1);
        stream.send(lookup(i));
        stream.send(lookup(i));
        stream.send(lookup(i));
        stalled.add(stream);
      }
      assertThat(other.call(INFER, InferRequests.rawTable()).status()).isZero();
      assertThat(stalled)
          .allSatisfy(stream ->
              await().atMost(Duration.ofSeconds(30)).until(() -> stream.status().isComplete()));
    }
  }

  @Test
  void cancelledCallsLeaveNothingWhereverTheyAre() {
    try (GrpcClient client = new GrpcClient(RestAssured.port)) {
      byte[] whole = GrpcPressure.large(200_000);
      for (int i = 0; i < 100; i++) {
        GrpcStream call = new GrpcStream(client, i % 2 == 0 ? INFER : STREAM, Map.of());
        int sent = new int[] {0, 3, 5, 70_000, whole.length}[i % 5];
        if (sent > 0) {
          call.send(Arrays.copyOf(whole, sent));
        }
        call.cancel();
      }
      assertThat(client.call(INFER, InferRequests.rawTable()).status()).isZero();
    }
  }

  /** More than the windows and the budgets hold together: each message waits for its memory. */
  @Test
  void largeMessagesTakeTurnsInMemory() {
    byte[] whole = GrpcPressure.large(900_000);
    try (GrpcClient client = new GrpcClient(RestAssured.port)) {
      List<Future<GrpcClient.Reply>> replies = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        replies.add(client.send(INFER, whole, Map.of()));
      }
      for (Future<GrpcClient.Reply> reply : replies) {
        GrpcClient.Reply refused = GrpcClient.await(reply);
        assertThat(refused.status())
            .as(refused.text())
            .isEqualTo(GrpcStatus.INVALID_ARGUMENT.code());
        assertThat(refused.text()).contains("number");
      }
    }
  }

  /** A client may send at once what there is memory for, and no more than its first bytes else. */
  @ParameterizedTest
  @ValueSource(strings = {INFER, STREAM})
  void theWindowGrowsWithTheMemory(String method) throws Exception {
    int bytes = 900_000;
    int sent = 70_000;
    byte[] begun = Arrays.copyOf(GrpcPressure.large(bytes), sent);
    List<GrpcClient> clients = new ArrayList<>();
    List<GrpcStream> calls = new ArrayList<>();
    try {
      for (int i = 0; i < 8; i++) {
        GrpcClient client = new GrpcClient(RestAssured.port);
        clients.add(client);
        GrpcStream call = new GrpcStream(client, method, Map.of());
        calls.add(call);
        call.begin(begun);
        if (i == 0) {
          await().untilAsserted(() -> assertThat(call.window()).isGreaterThan(bytes - sent));
          assertThat(memory.bodies().used()).isGreaterThanOrEqualTo(bytes);
        }
      }
      long most = memory.bodies().capacity() / bytes;
      assertThat(most).isBetween(1L, 7L);
      await().untilAsserted(() -> assertThat(wide(calls)).isEqualTo(most));
      await().during(Duration.ofMillis(300)).until(() -> wide(calls) == most);
    } finally {
      calls.forEach(GrpcStream::cancel);
      clients.forEach(GrpcClient::close);
    }
  }

  private static long wide(List<GrpcStream> calls) throws Exception {
    long wide = 0;
    for (GrpcStream call : calls) {
      wide += call.window() > 1 << 16 ? 1 : 0;
    }
    return wide;
  }

  /** A window that shrinks and grows again says that a response was read, each time. */
  @Test
  void aMessageThatWaitsForMemoryTakesItOnceHoweverTheWindowChanges() throws Exception {
    try (Http2Connection connection = new Http2Connection(RestAssured.port, 16);
        Reservation all = memory.bodies().open()) {
      connection.send(Http2Connection.beginPost(1, STREAM, "application/grpc"));
      connection.send(Http2Connection.frame(Kind.DATA, 0, 1, lookup(1)));
      assertThat(read(connection, 16)).isEqualTo(16);
      connection.send(Http2Connection.frame(Kind.WINDOW_UPDATE, 0, 1, bytes(1 << 15)));
      read(connection, 16);

      all.await(memory.bodies().capacity());
      byte[] large = GrpcPressure.large(900_000);
      connection.send(Http2Connection.frame(Kind.DATA, 0, 1, Arrays.copyOf(large, 1000)));
      await().until(() -> memory.bodies().waiting() == 1);
      for (int i = 0; i < 5; i++) {
        connection.send(window(0));
        connection.send(window(1 << 16));
      }
      await()
          .during(Duration.ofMillis(500))
          .atMost(Duration.ofSeconds(5))
          .until(() -> memory.bodies().waiting() == 1);
      connection.send(Http2Connection.cancel(1));
      await().until(() -> memory.bodies().waiting() == 0);
    }
  }

  private static byte[] bytes(int number) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
  }

  /** Returns a frame that allows so many bytes of each response. */
  private static byte[] window(int bytes) {
    byte[] settings = ByteBuffer.allocate(6).putShort((short) 4).putInt(bytes).array();
    return Http2Connection.frame(Kind.SETTINGS, 0, 0, settings);
  }

  /** Reads until so many bytes of responses have come; returns how many have. */
  private static int read(Http2Connection connection, int bytes) throws Exception {
    int read = 0;
    while (read < bytes) {
      Http2Connection.Frame frame = connection.read();
      read += frame.type() == Http2Connection.DATA ? frame.payload().length : 0;
    }
    return read;
  }

  @Test
  void aMessageInSingleBytesIsReadWhereItNeedNotWait() throws Exception {
    try (Http2Connection connection = new Http2Connection(RestAssured.port, 1 << 16)) {
      connection.send(Http2Connection.beginPost(1, STREAM, "application/grpc"));
      connection.send(singleBytes(GrpcPressure.large(30_000)));
      assertThat(read(connection, 1)).isPositive();
      connection.send(Http2Connection.cancel(1));
    }
  }

  @Test
  void aConnectionEndsWhoseSingleBytesWait() throws Exception {
    try (Http2Connection connection = new Http2Connection(RestAssured.port, 1 << 16);
        Reservation all = memory.bodies().open()) {
      all.await(memory.bodies().capacity());
      connection.send(Http2Connection.beginPost(1, STREAM, "application/grpc"));
      connection.send(
          Http2Connection.frame(Kind.DATA, 0, 1, Arrays.copyOf(GrpcPressure.large(900_000), 5)));
      await().until(() -> memory.bodies().waiting() == 1);
      connection.send(singleBytes(new byte[5000]));
      Http2Connection.Frame frame = connection.read();
      while (frame.type() != GO_AWAY) {
        frame = connection.read();
      }
      assertThat(ByteBuffer.wrap(frame.payload()).getInt(4)).as("ENHANCE_YOUR_CALM").isEqualTo(11);
      await().until(() -> memory.bodies().waiting() == 0);
    }
  }

  private static byte[] singleBytes(byte[] bytes) {
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    for (byte one : bytes) {
      frames.writeBytes(Http2Connection.frame(Kind.DATA, 0, 1, new byte[] {one}));
    }
    return frames.toByteArray();
  }

  @Test
  void messagesThatAreTooLargeOrMalformedEndOnlyTheirCalls() {
    byte[] tooLarge = ByteBuffer.allocate(5).put((byte) 0).putInt(Integer.MAX_VALUE).array();
    byte[] malformed = new byte[] {0, 0, 0, 0, 1, 0x0c};
    try (GrpcClient client = new GrpcClient(RestAssured.port)) {
      for (int i = 0; i < 100; i++) {
        boolean large = i % 2 == 0;
        GrpcStream call = new GrpcStream(client, large ? STREAM : INFER, Map.of());
        call.send(large ? tooLarge : malformed);
        if (!large) {
          call.end();
        }
        assertThat(GrpcClient.await(call.status()))
            .isEqualTo(
                (large ? GrpcStatus.RESOURCE_EXHAUSTED : GrpcStatus.INVALID_ARGUMENT).code());
        if (large) {
          call.cancel();
        }
      }
      assertThat(client.call(INFER, InferRequests.rawTable()).status()).isZero();
    }
  }

  /** A port serves clients of HTTP/1.1, of HTTP/2 and of gRPC at once. */
  @Test
  void onePortServesEveryProtocolUnderLoad() throws Exception {
    List<CompletableFuture<Void>> clients =
        IntStream.range(0, 8)
            .mapToObj(i ->
                CompletableFuture.runAsync(
                    () -> {
                      try {
                        switch (i % 4) {
                          case 0 -> byGrpc();
                          case 1 -> byHttp1();
                          case 2 -> byStream();
                          default -> byCurl();
                        }
                      } catch (Exception e) {
                        throw new AssertionError(e);
                      }
                    },
                    task -> new Thread(task, "client-" + i).start()))
            .toList();
    for (CompletableFuture<Void> client : clients) {
      client.get(60, TimeUnit.SECONDS);
    }
  }

  private static void byGrpc() {
    try (GrpcClient client = new GrpcClient(RestAssured.port)) {
      for (int i = 0; i < 200; i++) {
        assertThat(client.call(INFER, InferRequests.rawTable()).status()).isZero();
      }
    }
  }

  private static void byStream() throws Exception {
    try (GrpcClient client = new GrpcClient(RestAssured.port)) {
      GrpcStream stream = new GrpcStream(client, STREAM, Map.of());
      for (int i = 0; i < 200; i++) {
        stream.send(lookup(i));
        assertThat(stream.next().messages(2).get(0).text(3)).isEqualTo(Integer.toString(i));
      }
      stream.end();
      assertThat(GrpcClient.await(stream.status())).isZero();
    }
  }

  private static void byHttp1() throws Exception {
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + "/predict"))
            .header("Content-Type", "image/jpeg")
            .POST(HttpRequest.BodyPublishers.ofByteArray(Fixtures.image("red.jpg")))
            .build();
    for (int i = 0; i < 200; i++) {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
    }
  }

  private static void byCurl() throws Exception {
    String url = "http://localhost:" + RestAssured.port + "/predict";
    for (String version : List.of("--http2-prior-knowledge", "--http1.1")) {
      // Each on a connection of its own: by prior knowledge, some versions of curl cannot use one
      // again.
      for (int i = 0; i < 10; i++) {
        String said =
            Command.run(
                "curl",
                "-sS",
                version,
                "-w",
                "%{http_code} %{http_version}",
                "-o",
                "/dev/null",
                "-H",
                "Content-Type: image/jpeg",
                "--data-binary",
                "@" + Fixtures.RESOURCES.resolve("images/red.jpg"),
                url);
        assertThat(said).isEqualTo(version.equals("--http1.1") ? "200 1.1" : "200 2");
      }
    }
  }
}
