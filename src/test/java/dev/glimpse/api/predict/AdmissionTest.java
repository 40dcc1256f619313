package dev.glimpse.api.predict;

import static dev.glimpse.support.Polling.await;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.api.problem.Problem;
import dev.glimpse.memory.RequestMemory;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.Http2Connection;
import dev.glimpse.support.Http2Connection.Kind;
import dev.glimpse.support.RawConnection;
import dev.glimpse.support.RawConnection.Answer;
import dev.glimpse.workers.WorkerPool;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One worker, which the test keeps busy, and two places in the queue. */
@QuarkusTest
@TestProfile(AdmissionTest.OneWorker.class)
@Timeout(60)
public class AdmissionTest {

  private static final byte[] PICTURE = Fixtures.image("red.jpg");

  private static final Duration BODY_TIMEOUT = Duration.ofSeconds(6);

  @Inject WorkerPool workers;
  @Inject RequestMemory memory;

  private final CountDownLatch release = new CountDownLatch(1);

  public static class OneWorker implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "glimpse.models.path", Fixtures.MODELS.toAbsolutePath().toString(),
          "glimpse.models.default", "colors",
          "glimpse.workers.count", "1",
          "glimpse.queue.size", "2",
          "glimpse.queue.timeout", "10s",
          "glimpse.queue.body-timeout", BODY_TIMEOUT.toSeconds() + "s",
          "glimpse.memory.bodies", "2M",
          "glimpse.image.max-bytes", "1M");
    }
  }

  @AfterEach
  void everyPlaceIsFreeAgain() {
    release.countDown();
    awaitTaken(0);
    given().contentType("image/jpeg").body(PICTURE).post("/predict").then().statusCode(200);
    assertThat(workers.taken()).isZero();
  }

  @Test
  void whoFindsNoPlaceIsRefusedBeforeTheBodyAndMayUseTheConnectionAgain() throws Exception {
    CompletableFuture<?> busy = keepTheWorkerBusy();
    try (RawConnection first = connection();
        RawConnection second = connection();
        RawConnection third = connection()) {
      first.post(PICTURE);
      second.head("Content-Type: image/jpeg\r\nContent-Length: " + PICTURE.length);
      awaitTaken(3); // reading a body takes a place too
      await().until(() -> workers.waiting() == 1); // the first one's body has arrived

      third.head("Content-Type: image/jpeg\r\nContent-Length: " + PICTURE.length);
      Answer refusal = third.read();
      assertThat(refusal.status()).isEqualTo(503);
      assertThat(refusal.headers())
          .containsEntry("retry-after", "1")
          .doesNotContainKey("connection");
      assertThat(refusal.body()).contains("\"Overloaded\"");

      release.countDown();
      busy.join();
      second.send(PICTURE);
      assertThat(first.read().status()).isEqualTo(200);
      assertThat(second.read().status()).isEqualTo(200);
      third.send(PICTURE); // what was refused is read past
      third.post(PICTURE);
      assertThat(third.read().status()).isEqualTo(200);
    }
  }

  /** Sending the rest of a large body would take what others need; some clients do all the same. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whoFindsNoPlaceForALargeBodyIsToldToSendNoMore(boolean sends) throws Exception {
    keepTheWorkerBusy();
    byte[] large = Arrays.copyOf(PICTURE, 1_000_000);
    try (RawConnection first = connection();
        RawConnection second = connection();
        RawConnection third = connection()) {
      first.post(PICTURE);
      second.post(PICTURE);
      awaitTaken(3);

      third.head("Content-Type: image/jpeg\r\nContent-Length: " + large.length);
      if (sends) {
        third.send(large);
        third.post(PICTURE);
      }
      Answer refusal = third.read();
      assertThat(refusal.status()).isEqualTo(503);
      assertThat(refusal.headers().get("retry-after")).matches("[1-9][0-9]*");
      assertThat(refusal.closes()).isTrue();
      if (!sends) {
        third.send(large);
      }
      assertThat(third.ends()).isTrue();
    }
  }

  @Test
  void whoWaitsPastTheDeadlineHearsSoAlthoughTheWorkerIsBusy() throws Exception {
    keepTheWorkerBusy();
    double before = counted("deadline-passed");
    try (RawConnection connection = connection()) {
      connection.post(PICTURE, "grpc-timeout: 50m");
      Answer answer = connection.read();

      assertThat(answer.status()).isEqualTo(504);
      assertThat(answer.headers()).containsEntry("content-type", Problem.MEDIA_TYPE);
      assertThat(answer.headers().get("retry-after")).matches("[1-9][0-9]*");
      assertThat(answer.body()).contains("\"Deadline passed\"");
      assertThat(workers.taken()).isEqualTo(1);
      assertThat(counted("deadline-passed")).isEqualTo(before + 1);
    }
  }

  @ParameterizedTest
  @CsvSource({"x-envoy-expected-rq-timeout-ms: 50, 504", "grpc-timeout: 30S, 408"})
  void whoSendsTooSlowlyHearsSo(String header, int status) throws Exception {
    try (RawConnection connection = connection()) {
      connection.head("Content-Type: image/jpeg\r\nContent-Length: 1000", header);
      Answer answer = connection.read();

      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.closes()).isTrue();
    }
  }

  /** Who writes first and reads then would find the connection closed, and no answer. */
  @Test
  void whoSendsTooMuchHearsSoAndMayUseTheConnectionAgain() throws Exception {
    byte[] half = new byte[3 << 19]; // of three times what may be
    try (RawConnection connection = connection()) {
      connection.head("Content-Type: image/jpeg\r\nContent-Length: " + 2 * half.length);
      connection.send(half);
      Answer answer = connection.read();
      connection.send(half);
      connection.post(PICTURE);

      assertThat(answer.status()).isEqualTo(413);
      assertThat(connection.read().status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"grpc-timeout", "x-envoy-expected-rq-timeout-ms"})
  void aBadDeadlineIsNamed(String header) {
    Problem problem =
        given()
            .header(header, "soon")
            .contentType("image/jpeg")
            .body(PICTURE)
            .post("/predict")
            .then()
            .statusCode(400)
            .contentType(Problem.MEDIA_TYPE)
            .extract()
            .as(Problem.class);

    assertThat(problem.violations()).extracting(Problem.Violation::field).containsExactly(header);
  }

  @Test
  void whoLeavesWhileWaitingIsDropped() throws Exception {
    keepTheWorkerBusy();
    double before = counted("client-gone");
    try (RawConnection first = connection();
        RawConnection second = connection()) {
      first.post(PICTURE);
      second.post(PICTURE);
      awaitTaken(3);
      first.reset();
      awaitTaken(2); // a reset says at once that no response is waited for
      Thread.sleep(300); // who closes sooner after a whole request may still wait for its response
      second.hangUp();
      awaitTaken(1);
    }
    assertThat(workers.waiting()).isZero();
    // A slot is free before the client's departure is counted.
    await().until(() -> counted("client-gone") >= before + 2);
  }

  @Test
  void aClientThatClosesItsSideWithItsRequestIsAnswered() throws Exception {
    try (RawConnection connection = connection()) {
      connection.post(PICTURE);
      connection.closeOutput();
      assertThat(connection.read().status()).isEqualTo(200);
      assertThat(connection.ends()).isTrue();
    }
  }

  @Test
  void aClientThatClosesItsSideWithItsLastRequestIsAnsweredToAll() throws Exception {
    ByteArrayOutputStream requests = new ByteArrayOutputStream();
    for (int i = 0; i < 4; i++) {
      requests.writeBytes(
          ("POST /predict HTTP/1.1\r\nHost: a\r\nContent-Type: image/jpeg\r\nContent-Length: "
                  + PICTURE.length
                  + "\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      requests.writeBytes(PICTURE);
    }
    try (RawConnection connection = connection()) {
      connection.send(requests.toByteArray());
      connection.closeOutput();
      for (int i = 0; i < 4; i++) {
        assertThat(connection.read().status()).isEqualTo(200);
      }
      assertThat(connection.ends()).isTrue();
    }
  }

  @Test
  void slowBodiesGiveUpTheirSlots() throws Exception {
    List<RawConnection> slow = new ArrayList<>();
    try (RawConnection other = connection()) {
      for (int i = 0; i < 3; i++) {
        slow.add(connection());
        slow.get(i).head("Content-Type: image/jpeg\r\nContent-Length: 1000");
      }
      awaitTaken(3);
      Thread.sleep(300); // any body is slow now
      other.post(PICTURE);
      assertThat(other.read().status()).isEqualTo(200);
      for (RawConnection connection : slow) {
        connection.reset();
      }
    }
  }

  @Test
  void aStalledBodyGivesUpMemoryThatAnotherRequestWaitsFor() throws Exception {
    byte[] large = Arrays.copyOf(PICTURE, 1_000_000);
    try (RawConnection stalled = connection();
        RawConnection other = connection()) {
      stalled.head("Content-Type: image/jpeg\r\nContent-Length: " + large.length);
      stalled.send(new byte[100_000]);
      await().until(() -> memory.bodies().used() == large.length);
      other.post(large);
      assertThat(other.read().status()).isEqualTo(200);
      Answer answer = stalled.read();
      assertThat(answer.status()).isEqualTo(408);
      assertThat(answer.headers().get("retry-after")).matches("[1-9][0-9]*");
      assertThat(answer.body()).contains("Only 100000 bytes", "other requests wait for its memory");
      assertThat(answer.closes()).isTrue();
    }
  }

  /** Each announces its length, and that is all that comes. */
  @Test
  void stalledMessagesOfStreamsGiveUpMemoryThatAnotherRequestWaitsFor() throws Exception {
    byte[] large = Arrays.copyOf(PICTURE, 1_000_000);
    int length = 600_000;
    try (Http2Connection streams = new Http2Connection(RestAssured.port, 1 << 20);
        RawConnection other = connection()) {
      for (int stream = 1; stream < 6; stream += 2) {
        streams.send(
            Http2Connection.beginPost(
                stream, "/inference.GRPCInferenceService/ModelStreamInfer", "application/grpc"));
        byte[] prefix = ByteBuffer.allocate(5).put((byte) 0).putInt(length).array();
        streams.send(Http2Connection.frame(Kind.DATA, 0, stream, prefix));
      }
      await().until(() -> memory.bodies().used() == 3 * length);
      long started = System.nanoTime();
      other.post(large);
      assertThat(other.read().status()).isEqualTo(200);
      assertThat(Duration.ofNanos(System.nanoTime() - started))
          .isLessThan(BODY_TIMEOUT.dividedBy(2));
      Http2Connection.Frame ended = streams.read();
      while (ended.type() != Http2Connection.HEADERS) {
        ended = streams.read();
      }
      assertThat(ended.headers().get("grpc-status")).hasToString("14"); // UNAVAILABLE
      assertThat(ended.headers().get("grpc-message")).asString().contains("wait for its memory");
    }
    await().until(() -> memory.bodies().used() == 0);
  }

  @Test
  void aPackedBodyHoldsWhatItMayUnpackToUntilTheRequestEnds() throws Exception {
    CompletableFuture<?> busy = keepTheWorkerBusy();
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(PICTURE);
    }
    try (RawConnection connection = connection()) {
      connection.post(packed.toByteArray(), "Content-Encoding: gzip");
      long most = Math.min(1032L * packed.size(), 1 << 20);
      await().until(() -> memory.bodies().used() == most);
      release.countDown();
      busy.join();
      assertThat(connection.read().status()).isEqualTo(200);
    }
    await().until(() -> memory.bodies().used() == 0);
  }

  /** Whatever goes wrong: {@link #everyPlaceIsFreeAgain} looks. */
  @Test
  void noPlaceIsLost() throws Exception {
    for (int i = 0; i < 200; i++) {
      RawConnection connection = connection();
      switch (i % 10) {
        case 0 -> connection.post(PICTURE); // good
        case 1 -> connection.post(Fixtures.image("truncated.jpg"));
        case 2 -> connection.post(new byte[0]);
        case 3 -> connection.head("Content-Type: image/jpeg\r\nContent-Length: 2000000");
        case 4 -> {
          connection.head("Content-Type: image/jpeg\r\nContent-Length: 1000");
          connection.reset();
        }
        case 5 -> {
          connection.head("Content-Type: image/jpeg\r\nContent-Length: 1000");
          connection.send(new byte[500]);
          connection.hangUp();
        }
        case 6 -> {
          connection.head("Content-Type: image/jpeg\r\nTransfer-Encoding: chunked");
          connection.send("this is no chunk\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        case 7 -> connection.post(PICTURE, "grpc-timeout: 1n");
        case 8 -> {
          connection.post(PICTURE);
          connection.reset();
        }
        default -> connection.post(PICTURE, "grpc-timeout: soon");
      }
      if (!List.of(4, 5, 6, 8).contains(i % 10)) { // Vert.x hangs up on what is no HTTP
        assertThat(connection.read().status()).isIn(200, 400, 413, 422, 503, 504);
      }
      connection.close();
    }
  }

  @Test
  void noPlaceIsLostInACrowd() throws Exception {
    List<Thread> crowd = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      int number = i;
      Thread client = new Thread(() -> comeAndGo(number));
      client.start();
      crowd.add(client);
    }
    for (Thread client : crowd) {
      client.join();
    }
  }

  private static void comeAndGo(int number) {
    for (int i = 0; i < 25; i++) {
      try (RawConnection connection = connection()) {
        connection.post(PICTURE, "grpc-timeout: " + (1 + (i * 7 + number) % 12) + "m");
        if ((i + number) % 3 == 0) {
          connection.reset();
        } else {
          assertThat(connection.read().status()).isIn(200, 503, 504);
        }
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  private CompletableFuture<?> keepTheWorkerBusy() {
    CountDownLatch started = new CountDownLatch(1);
    CompletableFuture<?> busy =
        workers.submit(permit -> {
          started.countDown();
          try {
            release.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          return "";
        });
    try {
      started.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return busy;
  }

  private void awaitTaken(int places) {
    await().until(() -> workers.taken() == places);
  }

  private static RawConnection connection() throws IOException {
    return new RawConnection(RestAssured.port);
  }

  private static double counted(String outcome) {
    String sample =
        "glimpse_requests_total{model=\"none\",outcome=\"%s\",version=\"none\"} "
            .formatted(outcome);
    return given()
        .get("/q/metrics")
        .asString()
        .lines()
        .filter(line -> line.startsWith(sample))
        .mapToDouble(line -> Double.parseDouble(line.substring(sample.length())))
        .findFirst()
        .orElse(0);
  }
}
