package dev.glimpse.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.metrics.RedisMetrics;
import dev.glimpse.metrics.RedisMetrics.Command;
import dev.glimpse.support.FakeTime;
import dev.glimpse.support.LogLines;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RedisLinkTest {

  private static final Duration TIMEOUT = Duration.ofMillis(5);
  private static final Reply REPLY = new Reply(null, List.of(1L));

  private final FakeTime time = new FakeTime();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Deque<CompletableFuture<Connection>> attempts = new ArrayDeque<>();
  private final RedisLink link =
      new RedisLink(
          "redis.test:6379",
          "glimpse:",
          this::connect,
          TIMEOUT,
          time::after,
          time,
          new RedisMetrics(meters),
          "limits rates and caches results for itself");
  private final LogLines log = LogLines.of(RedisLink.class.getName());
  private int connects;

  @AfterEach
  void close() {
    log.close();
  }

  private CompletableFuture<Connection> connect() {
    connects++;
    CompletableFuture<Connection> attempt = new CompletableFuture<>();
    attempts.add(attempt);
    return attempt;
  }

  /** Answers when the test says so. */
  private static final class FakeConnection implements Connection {

    final Deque<CompletableFuture<Reply>> pending = new ArrayDeque<>();
    final List<String> scripts = new ArrayList<>();
    Reply probed = REPLY;
    Consumer<String> listener = reason -> {};
    boolean closed;

    private CompletionStage<Reply> send() {
      CompletableFuture<Reply> reply = new CompletableFuture<>();
      pending.add(reply);
      return reply;
    }

    @Override
    public CompletionStage<Reply> evalSha(Script script, String key, List<String> arguments) {
      scripts.add("sha " + key);
      return send();
    }

    @Override
    public CompletionStage<Reply> eval(Script script, String key, List<String> arguments) {
      scripts.add(key);
      probed = new Reply(null, List.of(Long.parseLong(arguments.get(0))));
      return send();
    }

    @Override
    public CompletionStage<Reply> values(
        Script script, boolean known, String key, List<byte[]> arguments) {
      return send();
    }

    @Override
    public CompletionStage<Reply> get(String key) {
      return send();
    }

    @Override
    public CompletionStage<Reply> set(String key, byte[] value, Duration ttl) {
      return send();
    }

    @Override
    public void onEnd(Consumer<String> notified) {
      listener = notified;
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private CompletableFuture<Optional<Reply>> get() {
    return link.send(Command.FIND, connection -> connection.get("any"));
  }

  /** A connection that has proved to work. */
  private FakeConnection connected() {
    FakeConnection connection = new FakeConnection();
    attempts.remove().complete(connection);
    connection.pending.remove().complete(connection.probed);
    return connection;
  }

  private FakeConnection opened() {
    link.open();
    time.pass(Duration.ZERO);
    return connected();
  }

  @Test
  void anAnswerInTimeIsTheResult() {
    FakeConnection connection = opened();
    CompletableFuture<Optional<Reply>> result = get();
    assertThat(result).isNotDone();
    connection.pending.remove().complete(REPLY);

    assertThat(result.join()).contains(REPLY);
    assertThat(time.alarms()).as("timers are cancelled").isZero();
    assertThat(log.lines()).isEmpty();
    assertThat(meters.get("glimpse.redis.connected").gauge().value()).isEqualTo(1);
    assertThat(meters.get("glimpse.redis.commands").tag("outcome", "ok").timer().count()).isOne();
  }

  @Test
  void noCommandWaitsForTheFirstConnection() {
    link.open();
    time.pass(Duration.ZERO);

    assertThat(get()).isCompletedWithValue(Optional.empty());
    assertThat(meters.get("glimpse.redis.skipped").counter().count()).isEqualTo(1);
  }

  @Test
  void aLateAnswerIsNone() {
    FakeConnection connection = opened();
    CompletableFuture<Optional<Reply>> result = get();
    time.pass(TIMEOUT);

    assertThat(result).isCompletedWithValue(Optional.empty());
    connection.pending.remove().complete(REPLY);
    assertThat(connection.closed).as("one late answer is no reason to go away").isFalse();
    assertThat(meters.get("glimpse.redis.commands").tag("outcome", "timeout").timer().count())
        .isOne();
  }

  @Test
  void whoDoesNotAnswerIsAskedNoMoreAndReportedOnce() {
    FakeConnection connection = opened();
    for (int i = 0; i < 200; i++) {
      get();
      time.pass(TIMEOUT);
    }

    assertThat(connection.closed).isTrue();
    assertThat(connection.pending).as("half a second of silence").hasSize(101);
    assertThat(get()).isCompletedWithValue(Optional.empty());
    assertThat(meters.get("glimpse.redis.connected").gauge().value()).isZero();
    time.pass(Duration.ofMinutes(1)); // attempts that nothing accepts
    assertThat(log.lines())
        .containsExactly(
            "WARN Redis at redis.test:6379 is not used, because it does not answer within 5 ms."
                + " Until it is back, this instance limits rates and caches results for itself; it"
                + " tries again in the background.");
  }

  @Test
  void successesInBetweenKeepTheConnection() {
    FakeConnection connection = opened();
    for (int i = 0; i < 50; i++) {
      get();
      get();
      time.pass(TIMEOUT);
      connection.pending.clear();
      get();
      connection.pending.remove().complete(REPLY);
    }
    assertThat(connection.closed).isFalse();
    assertThat(log.lines()).isEmpty();
  }

  @Test
  void aPauseOfThisProcessIsNoReasonToGoAway() {
    FakeConnection connection = opened();
    List<CompletableFuture<Optional<Reply>>> results = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      results.add(get());
    }
    time.pass(TIMEOUT); // all of them at once
    time.pass(Duration.ofMillis(490));
    results.add(get());
    time.pass(TIMEOUT);

    assertThat(results).allMatch(CompletableFuture::isDone);
    assertThat(connection.closed).isFalse();
  }

  @Test
  void errorsCountAsFailures() {
    FakeConnection connection = opened();
    for (int i = 0; i < 4; i++) {
      CompletableFuture<Optional<Reply>> result = get();
      connection
          .pending
          .remove()
          .completeExceptionally(
              RedisException.answered(
                  "OOM command not allowed when used memory > 'maxmemory'. secret"));
      assertThat(result).isCompletedWithValue(Optional.empty());
      time.pass(Duration.ofMillis(200));
    }
    assertThat(connection.closed).isTrue();
    assertThat(log.lines())
        .singleElement()
        .asString()
        .contains("it is full (OOM: its memory is at maxmemory, and it evicts nothing)")
        .doesNotContain("secret");
  }

  @Test
  void oneCommandThatAlwaysFailsIsReasonEnough() {
    FakeConnection connection = opened();
    for (int i = 0; i < 4; i++) {
      get();
      connection.pending.remove().complete(REPLY);
      var unused = link.send(Command.LIMIT, to -> to.evalSha(Script.of("any"), "key", List.of()));
      connection.pending.remove().completeExceptionally(RedisException.answered("OOM command"));
      time.pass(Duration.ofMillis(200));
    }
    assertThat(connection.closed).isTrue();
    assertThat(log.lines()).singleElement().asString().contains("it is full");
  }

  @Test
  void theEndOfTheServiceIsNotReported() {
    FakeConnection connection = opened();
    CompletableFuture<Optional<Reply>> last = get();
    link.close();
    connection.listener.accept("has closed the connection");

    assertThat(connection.closed).isTrue();
    assertThat(get()).isCompletedWithValue(Optional.empty());
    time.pass(TIMEOUT);
    assertThat(last).isCompletedWithValue(Optional.empty());
    time.pass(Duration.ofMinutes(1));
    assertThat(connects).isEqualTo(1);
    assertThat(log.lines()).isEmpty();
  }

  @Test
  void aConnectionThatOpensAfterTheEndIsClosed() {
    link.open();
    time.pass(Duration.ZERO);
    link.close();
    FakeConnection late = connected();

    assertThat(late.closed).isTrue();
    assertThat(get()).isCompletedWithValue(Optional.empty());
  }

  @Test
  void comingBackIsReportedOnce() {
    FakeConnection connection = opened();
    connection.listener.accept("has closed the connection");
    assertThat(connection.closed).isTrue();
    time.pass(RedisLink.FIRST_RETRY);
    FakeConnection next = connected();

    assertThat(log.lines())
        .hasSize(2)
        .element(1)
        .isEqualTo("INFO Redis at redis.test:6379 is back, and is used again.");
    CompletableFuture<Optional<Reply>> result = get();
    next.pending.remove().complete(REPLY);
    assertThat(result.join()).isPresent();
    connection.listener.accept("has closed the connection");
    assertThat(next.closed).as("what the old one says is past").isFalse();
  }

  @Test
  void theIntervalsBetweenAttemptsGrowToFiveSeconds() {
    link.open();
    time.pass(Duration.ZERO);
    List<Long> pauses = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      attempts.remove().completeExceptionally(new RedisException("cannot be reached"));
      long before = time.getAsLong();
      while (attempts.isEmpty()) {
        time.pass(Duration.ofMillis(50));
      }
      pauses.add((time.getAsLong() - before) / 1_000_000);
    }
    assertThat(pauses)
        .containsExactly(100L, 200L, 400L, 800L, 1600L, 3200L, 5000L, 5000L, 5000L, 5000L);
    assertThat(log.lines()).hasSize(1);
  }

  @Test
  void onlyAStableConnectionIsReplacedSoon() {
    FakeConnection connection = opened();
    connection.listener.accept("has closed the connection");
    time.pass(RedisLink.FIRST_RETRY);
    FakeConnection second = connected();
    second.listener.accept("has closed the connection");
    time.pass(RedisLink.FIRST_RETRY);
    assertThat(attempts).as("it lasted for no time").isEmpty();
    time.pass(RedisLink.FIRST_RETRY);
    FakeConnection third = connected();
    time.pass(RedisLink.STABLE);
    third.listener.accept("has closed the connection");
    time.pass(RedisLink.FIRST_RETRY);
    assertThat(attempts).hasSize(1);
  }

  @Test
  void anAttemptIsGivenUpAfterASecond() {
    link.open();
    time.pass(Duration.ZERO);
    CompletableFuture<Connection> attempt = attempts.remove();
    time.pass(RedisLink.CONNECT_TIMEOUT);

    assertThat(attempt).isCompletedExceptionally();
    assertThat(log.lines()).singleElement().asString().contains("within 1000 ms");
    time.pass(RedisLink.FIRST_RETRY);
    assertThat(connects).isEqualTo(2);
  }

  @Test
  void aConnectionIsUsedOnlyOnceItHasAnsweredInTime() {
    link.open();
    time.pass(Duration.ZERO);
    FakeConnection slow = new FakeConnection();
    attempts.remove().complete(slow);
    for (int i = 1; i <= RedisLink.PROBES; i++) {
      assertThat(slow.scripts).hasSize(i).allMatch("glimpse:probe"::equals);
      assertThat(get()).isCompletedWithValue(Optional.empty());
      time.pass(TIMEOUT);
      assertThat(slow.closed).isEqualTo(i == RedisLink.PROBES);
      time.pass(i < RedisLink.PROBES ? RedisLink.PROBE_PAUSE : Duration.ZERO);
    }
    assertThat(log.lines()).singleElement().asString().contains("does not answer within 5 ms");
  }

  @Test
  void coldCodeIsNoReasonToGoAway() {
    link.open();
    time.pass(Duration.ZERO);
    FakeConnection connection = new FakeConnection();
    attempts.remove().complete(connection);
    time.pass(TIMEOUT.plus(RedisLink.PROBE_PAUSE));
    time.pass(TIMEOUT.plus(RedisLink.PROBE_PAUSE));
    connection.pending.removeLast().complete(connection.probed);

    CompletableFuture<Optional<Reply>> result = get();
    connection.pending.removeLast().complete(REPLY);
    assertThat(result.join()).isPresent();
    assertThat(log.lines()).isEmpty();
  }

  @Test
  void aProbeThatIsRefusedIsNotRepeated() {
    link.open();
    time.pass(Duration.ZERO);
    FakeConnection connection = new FakeConnection();
    attempts.remove().complete(connection);
    connection.pending.remove().completeExceptionally(RedisException.answered("READONLY You can"));

    assertThat(connection.closed).isTrue();
    assertThat(log.lines()).singleElement().asString().contains("it is a replica");
  }

  @Test
  void anAnswerToSomethingElseIsNone() {
    link.open();
    time.pass(Duration.ZERO);
    FakeConnection connection = new FakeConnection();
    attempts.remove().complete(connection);
    connection.pending.remove().complete(REPLY);

    assertThat(connection.closed).isTrue();
    assertThat(log.lines()).singleElement().asString().contains("it answers something else");
  }
}
