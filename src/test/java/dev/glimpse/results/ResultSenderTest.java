package dev.glimpse.results;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glimpse.metrics.ResultMetrics;
import dev.glimpse.support.FakeTime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResultSenderTest {

  private static final String KEY = "sixteen bytes in";
  private static final Duration TTL = Duration.ofHours(1);

  /** As many as a receiver gets at a time while no other one gets any. */
  private static final int EACH = ResultSender.MOST / 2;

  /** What was posted. */
  private record Posted(
      String url, Map<String, String> headers, byte[] body, CompletableFuture<Integer> status) {}

  private boolean broken;
  private final FakeTime time = new FakeTime();
  private final List<Posted> posted = new ArrayList<>();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final BrokenSpool spool = new BrokenSpool();
  private final JobStore store =
      new LocalStore(spool, TTL, 20, 1000, () -> time.getAsLong() / 1_000_000);
  private final ResultSender sender =
      new ResultSender(
          store,
          new ResultEvent(
              "glimpse", "whsec_" + Base64.getEncoder().encodeToString(KEY.getBytes(UTF_8))),
          this::post,
          new FakeThread(time),
          Runnable::run,
          () -> 1_700_000_000_123L,
          new ResultMetrics(meters));

  private CompletionStage<Integer> post(String url, Map<String, String> headers, byte[] body) {
    if (broken) {
      throw new OutOfMemoryError("of a test");
    }
    Posted now = new Posted(url, headers, body, new CompletableFuture<>());
    posted.add(now);
    return now.status;
  }

  private Job finished() {
    return finished("https://example.com/in");
  }

  private Job finished(String callback) {
    Job job = Jobs.calling(callback);
    store.add(job, new byte[0]);
    store.finish(job, Jobs.answer("{\"a\":1}"));
    sender.run();
    return job;
  }

  private void respond(int attempt, int status) {
    posted.get(attempt).status.complete(status);
    time.pass(Duration.ZERO);
  }

  /** Lets time pass, with the ticks of a queue. */
  private void pass(Duration duration) {
    for (long second = 0; second < duration.toSeconds(); second++) {
      time.pass(Duration.ofSeconds(1));
      store.expire();
      sender.run();
    }
  }

  private double count(String outcome) {
    return meters.get("glimpse.results.callbacks").tag("outcome", outcome).counter().count();
  }

  @Test
  void anEventIsSentOnceAndSigned() throws Exception {
    Job job = finished();
    Posted event = posted.get(0);
    JsonNode json = new ObjectMapper().readTree(event.body);

    assertThat(event.url).isEqualTo("https://example.com/in");
    assertThat(json.get("specversion").asText()).isEqualTo("1.0");
    assertThat(json.get("id").asText()).isEqualTo(job.id());
    assertThat(json.get("type").asText()).isEqualTo("dev.glimpse.result");
    assertThat(json.get("status").asInt()).isEqualTo(200);
    assertThat(json.at("/data/a").asInt()).isEqualTo(1);
    assertThat(event.headers)
        .containsEntry("Content-Type", "application/cloudevents+json; charset=utf-8")
        .containsEntry("webhook-id", job.id())
        .containsEntry("webhook-timestamp", "1700000000")
        .containsEntry("webhook-signature", "v1," + signature(job.id(), event.body));

    respond(0, 204);
    pass(Duration.ofMinutes(10));
    assertThat(posted).hasSize(1);
    assertThat(count("acknowledged")).isEqualTo(1);
  }

  /** By another implementation: the inner and the outer hash of RFC 2104. */
  private static String signature(String id, byte[] body) throws Exception {
    byte[] message = (id + ".1700000000.").getBytes(UTF_8);
    var sha256 = java.security.MessageDigest.getInstance("SHA-256");
    byte[] inner = new byte[64];
    byte[] outer = new byte[64];
    byte[] key = KEY.getBytes(UTF_8);
    for (int i = 0; i < 64; i++) {
      byte k = i < key.length ? key[i] : 0;
      inner[i] = (byte) (k ^ 0x36);
      outer[i] = (byte) (k ^ 0x5c);
    }
    sha256.update(inner);
    sha256.update(message);
    byte[] first = sha256.digest(body);
    sha256.update(outer);
    return Base64.getEncoder().encodeToString(sha256.digest(first));
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 503, 429, 408})
  void itIsSentAgainAtGrowingIntervals(int status) {
    finished();
    respond(0, status);
    pass(Duration.ofSeconds(2));
    assertThat(posted).hasSize(2);
    posted.get(1).status.completeExceptionally(new IllegalStateException("refused"));
    time.pass(Duration.ZERO);
    pass(Duration.ofSeconds(1));
    assertThat(posted).hasSize(2);
    pass(Duration.ofSeconds(2));
    assertThat(posted).hasSize(3);
    assertThat(posted.get(2).headers.get("webhook-id"))
        .isEqualTo(posted.get(0).headers.get("webhook-id"));

    respond(2, 200);
    pass(Duration.ofMinutes(10));
    assertThat(posted).hasSize(3);
    assertThat(count("failed")).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 404, 410, 301})
  void whatWouldBeRejectedAgainIsNotSentAgain(int status) {
    finished();
    respond(0, status);
    pass(Duration.ofMinutes(10));

    assertThat(posted).hasSize(1);
    assertThat(count("rejected")).isEqualTo(1);
  }

  /**
   * One that does not answer holds neither the results of others, nor, once it has failed, many.
   */
  @Test
  void aSlowReceiverDoesNotHoldUpOthers() {
    for (int i = 0; i < 9; i++) {
      finished("https://slow.example:8443/in?number=" + i);
    }
    assertThat(posted).hasSize(EACH);
    finished("https://SLOW.example:8443/other");
    assertThat(posted).hasSize(EACH);
    finished("https://quick.example/in");
    assertThat(posted.get(EACH).url).isEqualTo("https://quick.example/in");

    for (int i = 0; i < EACH; i++) {
      posted.get(i).status.completeExceptionally(new IllegalStateException("late"));
    }
    time.pass(Duration.ZERO);
    assertThat(posted).as("one at a time").hasSize(EACH + 2);
    respond(EACH + 1, 204);
    pass(Duration.ofSeconds(3));
    assertThat(posted).as("it accepts again").hasSizeGreaterThan(EACH + 8);
  }

  @Test
  void slowReceiversTogetherLeaveRoomForOthers() {
    for (int i = 0; i < 9; i++) {
      finished("https://one.example/" + i);
    }
    for (int i = 0; i < 5; i++) {
      finished("http://two.example" + (i % 2 == 0 ? "" : ":80") + "/" + i);
    }
    for (int i = 0; i < 3; i++) {
      finished("https://three.example" + (i % 2 == 0 ? "" : ":443") + "/" + i);
    }
    assertThat(posted).hasSize(8 + 4 + 2);
    finished("https://quick.example/");
    assertThat(posted).hasSize(8 + 4 + 2 + 1);
    respond(14, 204);
    finished("https://quick.example/again");
    assertThat(posted.get(15).url).isEqualTo("https://quick.example/again");
  }

  @Test
  void whatCannotBePostedIsSentLater() {
    broken = true;
    for (int i = 0; i < 18; i++) {
      finished("https://host" + i + ".example/");
    }
    assertThat(posted).isEmpty();
    broken = false;
    pass(Duration.ofSeconds(4));
    assertThat(sender.inFlight()).isEqualTo(ResultSender.MOST);
    for (int i = 0; i < 18; i++) {
      respond(i, 204);
    }
    assertThat(sender.inFlight()).isZero();
    assertThat(count("acknowledged")).isEqualTo(18);
  }

  @Test
  void itIsGivenUpWithItsTimeToLive() {
    finished();
    while (time.getAsLong() < TTL.plusMinutes(20).toNanos()) {
      respond(posted.size() - 1, 500);
      pass(Duration.ofMinutes(7));
    }
    assertThat(posted).hasSizeBetween(8, 25);
    int before = posted.size();
    pass(Duration.ofHours(1));
    assertThat(posted).hasSize(before);
  }

  @Test
  void whatCannotBeKeptAsSentIsKeptLater() {
    Job job = finished();
    spool.fails = true;
    respond(0, 204);
    pass(Duration.ofSeconds(3));
    store.sendLater(job.id(), Duration.ZERO); // as when a lease in Redis has ended
    pass(Duration.ofSeconds(3));
    assertThat(spool.sent).isEmpty();

    spool.fails = false;
    pass(Duration.ofSeconds(3));
    assertThat(spool.sent).containsExactly(job.id());
    assertThat(posted).hasSize(1);
  }

  @Test
  void aResultThatCannotBeReadIsSentLaterAndHoldsUpNoOther() {
    spool.fails = true;
    finished();
    pass(Duration.ofSeconds(2));
    assertThat(posted).isEmpty();

    spool.fails = false;
    finished();
    assertThat(posted).hasSize(1);
    pass(Duration.ofMinutes(2));
    assertThat(posted).hasSize(2);
  }

  @Test
  void aResultIsFinishedOnce() {
    Job job = finished();
    respond(0, 204);

    assertThat(store.finish(job, Jobs.answer("{\"a\":2}"))).isFalse();
    pass(Duration.ofMinutes(10));
    assertThat(posted).hasSize(1);
    assertThat(store.find(job.id()).flatMap(JobState::answer).map(Jobs::text))
        .contains("{\"a\":1}");
  }

  @Test
  void aKeyInBase64IsLongEnoughOnceDecoded() {
    String brief = "whsec_" + Base64.getEncoder().encodeToString("fifteen bytes.".getBytes(UTF_8));
    assertThatThrownBy(() -> new ResultEvent("glimpse", brief))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("14 bytes")
        .hasMessageNotContaining(brief);
  }

  @Test
  void aQueueThatStopsSendsNothingMore() {
    JobQueue queue =
        new JobQueue(
            store,
            new FakeWork(),
            () -> true,
            new JobRunner.Limits(1, 1000, 1000),
            new FakeThread(time),
            new ResultMetrics(meters),
            Optional.of(sender));
    queue.stop();
    time.pass(Duration.ZERO);
    finished();

    assertThat(posted).isEmpty();
    assertThat(store.takeDue()).as("a next process sends it").isPresent();
  }

  @Test
  void aDeletedResultIsNotSent() {
    Job job = finished();
    store.delete(job.id());
    respond(0, 500);
    pass(Duration.ofMinutes(10));

    assertThat(posted).hasSize(1);
  }
}
