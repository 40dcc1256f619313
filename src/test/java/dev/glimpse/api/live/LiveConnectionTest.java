package dev.glimpse.api.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.api.http.ArrivedBodies;
import dev.glimpse.api.predict.PredictParameters;
import dev.glimpse.bytes.Bytes;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.memory.RequestMemory;
import dev.glimpse.memory.Reservation;
import dev.glimpse.metrics.Timing;
import dev.glimpse.pipeline.Body;
import dev.glimpse.pipeline.BodyProgress;
import dev.glimpse.pipeline.ClassificationRequest;
import dev.glimpse.pipeline.ClassificationResult;
import dev.glimpse.pipeline.IncomingRequest;
import dev.glimpse.postprocess.Classification;
import dev.glimpse.postprocess.RankedClasses;
import dev.glimpse.support.Configs;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** One connection, whose frames are classified when the test says so. */
class LiveConnectionTest {

  private static final int MAX_FRAME = 100;

  private static final BodyProgress PROGRESS =
      new BodyProgress() {
        @Override
        public void arrives() {}

        @Override
        public void waits() {}
      };

  private final List<JsonObject> sent = new ArrayList<>();
  private final List<Integer> closed = new ArrayList<>();
  private final List<String> images = new ArrayList<>();
  private final List<CompletableFuture<ClassificationResult>> works = new ArrayList<>();
  private final List<String> cancelled = new ArrayList<>();
  private boolean slow;
  private boolean overloaded;

  private final RequestMemory memory = new RequestMemory(Configs.defaults());

  private final LiveFrame.Session session =
      new LiveFrame.Session(
          "id-1",
          Duration.ofSeconds(5),
          PredictParameters.of(null, null, null, null),
          null,
          new ArrivedBodies(memory, Duration.ofSeconds(1), waiting -> 1),
          "network");

  private final LiveTurns turns = new LiveTurns(2);
  private final LiveConnection connection = connection();

  private LiveConnection connection() {
    return new LiveConnection(session, this::classify, turns, Runnable::run, peer(), MAX_FRAME);
  }

  private LiveConnection.Peer peer() {
    return new LiveConnection.Peer() {
      @Override
      public void send(String message) {
        sent.add(new JsonObject(message));
      }

      @Override
      public boolean isSlow() {
        return slow;
      }

      @Override
      public void close(short status, String reason) {
        closed.add((int) status);
      }
    };
  }

  private CompletionStage<ClassificationResult> classify(
      IncomingRequest<ClassificationRequest> request) {
    if (overloaded) {
      throw new ServingException(Failure.OVERLOADED, "Too many.", 7);
    }
    request.onDisconnect(() -> cancelled.add("frame"));
    Bytes body = request.body(PROGRESS).toCompletableFuture().join().take();
    images.add(new String(request.parse(body).image().bytes().toArray(), StandardCharsets.UTF_8));
    CompletableFuture<ClassificationResult> work = new CompletableFuture<>();
    works.add(work);
    return work;
  }

  private void finish(int work) {
    works
        .get(work)
        .complete(
            new ClassificationResult(
                "colors",
                1,
                RankedClasses.of(List.of(new Classification("red", null, 0.75f, 2))),
                new Timing(1_000_000, 2_000_000, 3_000_000, 4_000_000, 10_000_000),
                false));
  }

  private void frame(LiveConnection to, String image) {
    to.receive(Buffer.buffer(image), true);
  }

  private List<Integer> numbers() {
    return sent.stream().map(message -> message.getInteger("frame")).toList();
  }

  @Test
  void framesAreAnsweredInOrder() {
    for (int i = 0; i < 5; i++) {
      frame(connection, "image" + i);
      finish(i);
    }

    assertThat(numbers()).containsExactly(0, 1, 2, 3, 4);
    assertThat(sent).allMatch(message -> message.getInteger("skipped") == 0);
    assertThat(sent.get(0).getString("id")).isEqualTo("id-1");
    assertThat(sent.get(0).getJsonArray("predictions").getJsonObject(0).getString("label"))
        .isEqualTo("red");
    assertThat(sent.get(0).getJsonObject("timing").getDouble("total_ms")).isEqualTo(10.0);
  }

  @Test
  void onlyTheNewestFrameWaits() {
    for (int i = 0; i < 6; i++) {
      frame(connection, "image" + i);
    }
    assertThat(images).containsExactly("image0");
    finish(0);
    assertThat(images).containsExactly("image0", "image5");
    finish(1);

    assertThat(numbers()).containsExactly(0, 5);
    assertThat(sent.get(1).getInteger("skipped")).isEqualTo(4);
    frame(connection, "image6");
    finish(2);
    assertThat(sent.get(2).getInteger("skipped")).isZero();
  }

  @Test
  void aFrameInPartsIsPutTogether() {
    connection.receive(Buffer.buffer("one "), false);
    connection.receive(Buffer.buffer("two "), false);
    connection.receive(Buffer.buffer("three"), true);

    assertThat(images).containsExactly("one two three");
  }

  @Test
  void aFrameThatIsTooLargeIsAProblemInItsTurn() {
    frame(connection, "small");
    connection.receive(Buffer.buffer(new byte[MAX_FRAME]), false);
    connection.receive(Buffer.buffer(new byte[1]), true);
    assertThat(sent).isEmpty();
    finish(0);

    assertThat(numbers()).containsExactly(0, 1);
    JsonObject problem = sent.get(1).getJsonObject("problem");
    assertThat(problem.getInteger("status")).isEqualTo(413);
    assertThat(problem.getString("detail")).isEqualTo("A frame may have 100 bytes at most.");
    assertThat(closed).isEmpty();
    frame(connection, "x".repeat(MAX_FRAME));
    finish(1);
    assertThat(numbers()).containsExactly(0, 1, 2);
  }

  @Test
  void whatFailsIsAProblemAndTheNextFrameIsAnswered() {
    overloaded = true;
    frame(connection, "a");
    overloaded = false;
    frame(connection, "b");
    works.get(0).completeExceptionally(new ServingException(Failure.UNREADABLE_IMAGE, "Bad."));
    frame(connection, "c");
    works.get(1).completeExceptionally(new IllegalStateException("secret"));
    frame(connection, "d");
    finish(2);

    assertThat(numbers()).containsExactly(0, 1, 2, 3);
    assertThat(sent.get(0).getJsonObject("problem").getInteger("status")).isEqualTo(503);
    assertThat(sent.get(0).getJsonObject("problem").getInteger("retry_after")).isEqualTo(7);
    assertThat(sent.get(1).getJsonObject("problem").getInteger("status")).isEqualTo(422);
    assertThat(sent.get(2).getJsonObject("problem").getInteger("status")).isEqualTo(500);
    assertThat(sent.get(2).encode()).doesNotContain("secret");
    assertThat(sent.get(3).containsKey("problem")).isFalse();
  }

  @Test
  void aClientThatDoesNotReadGetsNoFurtherAnswer() {
    slow = true;
    frame(connection, "a");
    frame(connection, "b");
    assertThat(images).isEmpty();
    slow = false;
    connection.next();

    assertThat(images).containsExactly("b");
  }

  @Test
  void connectionsShareTheWorkersFairly() {
    LiveConnection other = connection();
    frame(connection, "a0");
    frame(connection, "a1");
    frame(other, "b0");
    assertThat(images).containsExactly("a0"); // half of two workers
    finish(0);
    frame(connection, "a2");
    finish(1);
    finish(2);

    assertThat(images).containsExactly("a0", "b0", "a2");
  }

  @Test
  void aClosedConnectionCancelsItsFrameAndGivesItsTurnBack() {
    LiveConnection other = connection();
    frame(connection, "a");
    frame(connection, "a2");
    frame(other, "b");
    connection.closed();
    assertThat(cancelled).containsExactly("frame");
    works.get(0).completeExceptionally(new ServingException(Failure.CLIENT_GONE, "Gone."));

    assertThat(sent).isEmpty();
    assertThat(images).containsExactly("a", "b");
  }

  @Test
  void aFrameThatIsCancelledDoesNotWaitForMemory() {
    Reservation all = memory.firstBytes().open();
    all.take(memory.firstBytes().capacity()).join();
    LiveFrame frame = new LiveFrame(session, new byte[10]);
    CompletableFuture<Body> body = frame.body(PROGRESS).toCompletableFuture();
    assertThat(memory.firstBytes().waiting()).isOne();
    frame.onDisconnect(() -> cancelled.add("callback"));
    frame.cancel();

    assertThatThrownBy(body::join)
        .hasRootCauseInstanceOf(ServingException.class)
        .hasMessageContaining("ends before");
    assertThat(memory.firstBytes().waiting()).isZero();
    assertThat(cancelled).containsExactly("callback");
    all.close();
    assertThat(memory.firstBytes().used()).isZero();
  }

  @Test
  void theEndAnswersWhatIsWorkedOnAndNothingMore() {
    frame(connection, "a");
    frame(connection, "b");
    connection.end();
    frame(connection, "c");
    assertThat(closed).isEmpty();
    finish(0);

    assertThat(numbers()).containsExactly(0);
    assertThat(closed).containsExactly(1001);
    LiveConnection idle = connection();
    idle.end();
    assertThat(closed).containsExactly(1001, 1001);
  }

  @Test
  void afterATextTheFrameThatIsWorkedOnIsAnsweredAndNothingMore() {
    frame(connection, "a");
    frame(connection, "b");
    connection.end(LiveConnection.UNACCEPTABLE, "Text.");
    frame(connection, "c");
    connection.end();
    assertThat(closed).isEmpty();
    finish(0);

    assertThat(numbers()).containsExactly(0);
    assertThat(images).containsExactly("a");
    assertThat(closed).containsExactly(1003);
  }

  @Test
  void onlyACompleteFrameCountsAsOne() {
    assertThat(connection.receive(Buffer.buffer("a"), false)).isFalse();
    assertThat(connection.receive(Buffer.buffer("b"), true)).isTrue();
    assertThat(connection.receive(Buffer.buffer(new byte[MAX_FRAME + 1]), true)).isTrue();
    connection.end();
    assertThat(connection.receive(Buffer.buffer("c"), true)).isFalse();
  }

  @Test
  void theEndIsDoneOnceAndForWhatComesLater() {
    List<String> done = new ArrayList<>();
    LiveEnd end = new LiveEnd();
    end.add(() -> done.add("first"));
    end.add(() -> done.add("second"));
    assertThat(end.hasCome()).isFalse();
    end.run();
    end.run();
    end.add(() -> done.add("late"));
    end.run();

    assertThat(done).containsExactly("first", "second", "late");
  }

  private static void assertRefused(LiveConnections connections, Object network, Failure failure) {
    assertThatThrownBy(() -> connections.enter(network))
        .isInstanceOfSatisfying(
            ServingException.class, e -> assertThat(e.failure()).isEqualTo(failure));
  }

  @Test
  void connectionsAreCounted() {
    LiveConnections one = new LiveConnections(1);
    one.enter("a");
    assertRefused(one, "b", Failure.OVERLOADED);
    one.left("a");
    one.enter("b");
    one.left("b");
    one.end();
    assertRefused(one, "a", Failure.NOT_READY);
    assertRefused(new LiveConnections(0), "a", Failure.OVERLOADED);
  }

  @Test
  void aNetworkHasAtMostHalfOfThem() {
    LiveConnections four = new LiveConnections(4);
    four.enter("a");
    four.enter("a");
    assertRefused(four, "a", Failure.OVERLOADED);
    four.enter("b");
    four.left("a");
    four.enter("a");
    four.enter("b");
    assertRefused(four, "c", Failure.OVERLOADED);
  }
}
