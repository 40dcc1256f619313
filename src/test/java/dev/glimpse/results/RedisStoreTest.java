package dev.glimpse.results;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.redis.RedisClient;
import dev.glimpse.support.Configs;
import dev.glimpse.support.RealRedis;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two instances, a real Redis, three jobs and 1000 bytes. */
@Timeout(60)
class RedisStoreTest {

  private final Vertx vertx = Vertx.vertx();
  private RealRedis server;
  private RedisClient client;
  private RedisStore one;
  private RedisStore two;

  @BeforeEach
  void start() {
    server = RealRedis.start();
    client =
        new RedisClient(
            Configs.of(Map.of("glimpse.redis.url", server.url())),
            new SimpleMeterRegistry(),
            vertx);
    client.openLarge();
    one = store("one", Duration.ofMinutes(1));
    two = store("two", Duration.ofMinutes(1));
    await().ignoreExceptions().until(() -> one.expire() == 0);
  }

  @AfterEach
  void stop() {
    vertx.close();
    if (server != null) {
      server.close();
    }
  }

  private RedisStore store(String token, Duration ttl) {
    return store(token, ttl, RedisStore.LEASE);
  }

  private RedisStore store(String token, Duration ttl, Duration lease) {
    return new RedisStore(
        client::values, "glimpse:", token, ttl, 3, 1000, Duration.ofMillis(10), lease);
  }

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) i;
    }
    return bytes;
  }

  @Test
  void aJobIsFoundTakenAnsweredAndFinished() {
    Job job = Jobs.of("änna", 3);
    one.add(job, bytes(300));
    assertThat(two.find(job.id()).map(JobState::job)).contains(job);
    assertThat(two.find(job.id()).map(JobState::answered)).contains(0);

    JobStore.Taken taken = two.take().orElseThrow();
    assertThat(taken.job()).isEqualTo(job);
    assertThat(taken.body()).isEqualTo(bytes(300));
    assertThat(taken.answered()).isEmpty();
    assertThat(one.take()).as("it is taken").isEmpty();

    assertThat(two.answer(job.id(), 2, Jobs.answer("two\nlines"))).isTrue();
    assertThat(one.answer(job.id(), 1, Jobs.answer("stolen"))).isFalse();
    assertThat(one.find(job.id()).map(JobState::answered)).contains(1);
    assertThat(one.finish(job, Jobs.answer("stolen"))).isFalse();
    assertThat(two.finish(job, Jobs.answer("all"))).isTrue();

    JobState state = one.find(job.id()).orElseThrow();
    assertThat(state.answered()).isEqualTo(3);
    assertThat(state.answer().map(Jobs::text)).contains("all");
    assertThat(state.answer().orElseThrow().language()).contains("zh");
    assertThat(one.take()).isEmpty();
    assertThat(one.takeDue()).as("it has no callback").isEmpty();
    one.expire();
    assertThat(one.pending()).isZero();
    assertThat(server.call("HEXISTS", "glimpse:results:job:" + job.id(), "body"))
        .as("images are not kept once answered")
        .startsWith(":0");
  }

  @Test
  void anotherInstanceGoesOnWithTheJobOfOneThatHasEnded() {
    one = store("one", Duration.ofMinutes(1), Duration.ofMillis(500));
    Job job = Jobs.of("", 2);
    one.add(job, bytes(10));
    assertThat(one.take()).isPresent();
    one.answer(job.id(), 1, Jobs.answer("one"));
    assertThat(one.renew()).isEmpty();

    await()
        .until(() -> {
          var taken = two.take();
          taken.ifPresent(found -> assertThat(found.answered()).containsOnlyKeys(1));
          return taken.isPresent();
        });
    assertThat(one.answer(job.id(), 0, Jobs.answer("late"))).isFalse();
    assertThat(two.answer(job.id(), 0, Jobs.answer("zero"))).isTrue();
  }

  @Test
  void aJobThatWasLostIsSaidWhenItIsToBeRenewed() {
    one = store("one", Duration.ofMinutes(1), Duration.ofMillis(1));
    Job job = Jobs.of("", 2);
    one.add(job, bytes(10));
    assertThat(one.take()).isPresent();
    await().until(() -> two.take().isPresent());

    assertThat(one.renew()).containsExactly(job.id());
    assertThat(one.renew()).isEmpty();
    assertThat(two.renew()).isEmpty();
  }

  @Test
  void anInstanceDoesNotWorkTwiceOnAJobThatItHasNotRenewedInTime() {
    one = store("one", Duration.ofMinutes(1), Duration.ofMillis(1));
    Job job = Jobs.of("", 2);
    one.add(job, bytes(10));
    assertThat(one.take()).isPresent();
    String before = lease(job);
    await()
        .until(() -> {
          assertThat(one.take()).isEmpty();
          return !lease(job).equals(before);
        });

    assertThat(one.answer(job.id(), 1, Jobs.answer("one"))).isTrue();
    assertThat(one.finish(job, Jobs.answer("all"))).isTrue();
  }

  @Test
  void takingsAreCountedUntilAnImageIsAnsweredOrTheJobIsGivenBack() {
    Job job = Jobs.of("", 2);
    one.add(job, bytes(10));
    assertThat(one.take().orElseThrow().takings()).isEqualTo(1);
    endLease(job);
    assertThat(two.take().orElseThrow().takings()).isEqualTo(2);
    two.answer(job.id(), 0, Jobs.answer("0"));
    endLease(job);
    one = store("next", Duration.ofMinutes(1));
    assertThat(one.take().orElseThrow().takings()).isEqualTo(1);
    one.release(job.id());
    assertThat(one.take().orElseThrow().takings()).isEqualTo(1);
  }

  private void endLease(Job job) {
    server.call("ZADD", "glimpse:results:queue", "0", job.id());
  }

  private String lease(Job job) {
    return server.call("HGET", "glimpse:results:job:" + job.id(), "lease");
  }

  @Test
  void aJobThatIsGivenBackIsTakenAtOnce() {
    Job job = Jobs.of("", 1);
    one.add(job, bytes(1));
    one.take();
    two.release(job.id());
    assertThat(two.take()).as("it is not this one's to give back").isEmpty();

    one.renew();
    one.release(job.id());
    assertThat(two.take()).isPresent();
  }

  @Test
  void jobsAreBoundedInNumberAndBytesOverAllInstances() {
    one.add(Jobs.of("", 1), bytes(500));
    Job large = Jobs.of("", 1);
    two.add(large, bytes(500));
    assertRefused(one, bytes(1));
    assertThat(one.delete(large.id())).isTrue();
    assertThat(one.delete(large.id())).isFalse();
    one.add(Jobs.of("", 1), bytes(1));
    two.add(Jobs.of("", 1), bytes(0));
    assertRefused(one, bytes(0));
  }

  private static void assertRefused(RedisStore store, byte[] body) {
    assertThatThrownBy(() -> store.add(Jobs.of("", 1), body))
        .isInstanceOfSatisfying(
            ServingException.class,
            refused -> assertThat(refused.failure()).isEqualTo(Failure.OVERLOADED));
  }

  @Test
  void resultsAreForgottenAfterTheirTimeToLiveWithTheirBytes() {
    RedisStore brief = store("brief", Duration.ofMillis(1));
    for (int i = 0; i < 5; i++) { // more than there is room for at a time
      Job job = Jobs.of("", 1);
      await()
          .ignoreException(ServingException.class)
          .until(() -> {
            brief.expire();
            brief.add(job, bytes(1000));
            return true;
          });
      brief.take();
      assertThat(brief.finish(job, Jobs.answer("x".repeat(900)))).isTrue();
      await()
          .until(() -> {
            brief.expire();
            return brief.find(job.id()).isEmpty();
          });
    }
    assertThat(server.call("GET", "glimpse:results:bytes")).startsWith("$1\r\n0");
    assertThat(server.call("ZCARD", "glimpse:results:all")).startsWith(":0");
  }

  @Test
  void resultsAreSentByOneInstance() {
    Job job = Jobs.calling("https://example.com/");
    one.add(job, bytes(1));
    one.take();
    one.finish(job, Jobs.answer("all"));

    JobStore.Due due = two.takeDue().orElseThrow();
    assertThat(due.job()).isEqualTo(job);
    assertThat(Jobs.text(due.answer())).isEqualTo("all");
    assertThat(due.attempts()).isZero();
    assertThat(one.takeDue()).isEmpty();

    two.sendLater(job.id(), Duration.ZERO);
    assertThat(one.takeDue().map(JobStore.Due::attempts)).contains(1);
    one.sent(job);
    one.sendLater(job.id(), Duration.ZERO);
    assertThat(two.takeDue()).isEmpty();
    assertThat(two.find(job.id())).isPresent();
  }

  @Test
  void manyAnswersAreTakenOver() {
    int images = 3000;
    Job job = Jobs.of("", images + 1);
    one.add(job, bytes(10));
    one.take();
    IntStream.range(0, images)
        .forEach(i -> assertThat(one.answer(job.id(), i, Jobs.answer("" + i))).isTrue());
    one.release(job.id());

    Map<Integer, StoredResponse> answered = two.take().orElseThrow().answered();
    assertThat(answered).hasSize(images);
    assertThat(List.of(0, 2999))
        .allSatisfy(i -> assertThat(Jobs.text(answered.get(i))).isEqualTo("" + i));
  }

  @Test
  void jobsOfOtherOwnersAreTakenIfThereIsRoom() {
    Job first = Jobs.of("anna", 1);
    one.add(first, bytes(10));
    Job second = Jobs.of("anna", 1);
    one.add(second, bytes(10));
    Job other = Jobs.of("berta", 1);
    one.add(other, bytes(20));
    assertThat(two.take(Set.of("anna", "berta"), List.of(), 1000))
        .isEqualTo(JobStore.Found.NOTHING);
    assertThat(two.take(Set.of("anna"), List.of(), 19)).isEqualTo(JobStore.Found.TOO_LARGE);
    assertThat(job(two.take(Set.of("anna"), List.of("berta"), 20))).isEqualTo(other);
    assertThat(two.take(Set.of("anna"), List.of(), 1000)).isEqualTo(JobStore.Found.NOTHING);
    assertThat(job(two.take(Set.of("berta"), List.of(), 10))).isEqualTo(first);
    assertThat(two.take().orElseThrow().job()).isEqualTo(second);
  }

  private static Job job(JobStore.Found found) {
    return found.taken().orElseThrow().job();
  }

  @Test
  void theOwnerWithTheLongestTimeSinceItsTurnIsNext() {
    Job anna = Jobs.of("anna", 1);
    one.add(anna, bytes(10));
    Job berta = Jobs.of("berta", 1);
    one.add(berta, bytes(10));
    Job clara = Jobs.of("clara", 1);
    one.add(clara, bytes(10));
    List<String> turns = List.of("berta", "anna");
    assertThat(job(one.take(Set.of(), turns, 10))).as("she had none").isEqualTo(clara);
    assertThat(one.take(Set.of(), turns, 9)).isEqualTo(JobStore.Found.TOO_LARGE);
    assertThat(job(two.take(Set.of(), turns, 10))).isEqualTo(berta);
    assertThat(job(one.take(Set.of(), turns, 10))).isEqualTo(anna);
  }

  /** Also those that come within one millisecond. */
  @Test
  void jobsAreTakenInTheOrderTheyCame() {
    for (int i = 0; i < 50; i++) {
      List<Job> jobs = List.of(Jobs.of("", 1), Jobs.of("", 1), Jobs.of("", 1));
      jobs.forEach(job -> one.add(job, bytes(1)));
      for (Job job : jobs) {
        assertThat(two.take().orElseThrow().job()).isEqualTo(job);
      }
      jobs.forEach(job -> two.delete(job.id()));
    }
  }

  @Test
  void resultsForBusyReceiversAreLeft() {
    for (String url : List.of("https://slow.example/1", "https://quick.example/2")) {
      Job job = Jobs.calling(url);
      one.add(job, bytes(1));
      one.take();
      one.finish(job, Jobs.answer("all"));
    }
    assertThat(two.takeDue(Set.of("slow.example", "quick.example"))).isEmpty();
    assertThat(two.takeDue(Set.of("slow.example")).orElseThrow().job().callback())
        .contains("https://quick.example/2");
    assertThat(two.takeDue(Set.of("slow.example"))).isEmpty();
    assertThat(two.takeDue()).isPresent();
  }

  /** What was accepted is worked on, answered, sent and deleted all the same. */
  @Test
  void aFullRedisRefusesNewJobsOnly() {
    Job job = Jobs.calling("https://example.com/");
    Job released = Jobs.of("", 2);
    one.add(job, bytes(300));
    one.add(released, bytes(300));
    server.call("CONFIG", "SET", "maxmemory", "1");

    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> two.add(Jobs.of("", 1), bytes(1)))
          .isInstanceOfSatisfying(
              ServingException.class,
              refused -> assertThat(refused.failure()).isEqualTo(Failure.OVERLOADED))
          .hasMessageContaining("The Redis that keeps requests is full");
    }
    assertThat(two.find(job.id())).isPresent();
    assertThat(two.take().orElseThrow().job()).isEqualTo(job);
    assertThat(two.renew()).isEmpty();
    assertThat(two.answer(job.id(), 0, Jobs.answer("zero"))).isTrue();
    assertThat(two.finish(job, Jobs.answer("all"))).isTrue();
    assertThat(one.takeDue().orElseThrow().job()).isEqualTo(job);
    one.sendLater(job.id(), Duration.ZERO);
    assertThat(one.takeDue()).isPresent();
    one.sent(job);
    assertThat(one.find(job.id()).flatMap(JobState::answer).map(Jobs::text)).contains("all");
    assertThat(one.take().orElseThrow().job()).isEqualTo(released);
    one.release(released.id());
    assertThat(two.take().orElseThrow().takings()).isEqualTo(1);
    assertThat(two.delete(released.id())).isTrue();
    assertThat(two.expire()).isZero();
    assertThat(two.pending()).isZero();

    server.call("CONFIG", "SET", "maxmemory", "0");
    one.add(Jobs.of("", 1), bytes(1));
  }

  /** Such as of a later version: an instance of that version may take it meanwhile. */
  @Test
  void aJobThatCannotBeReadIsLeftToOthersAndGivenUpInTheEnd() {
    Job job = Jobs.calling("https://example.com/");
    Job next = Jobs.of("", 1);
    one.add(job, bytes(1));
    one.add(next, bytes(1));
    String key = "glimpse:results:job:" + job.id();
    server.call("HSET", key, "job", "{}");

    assertThat(one.take().orElseThrow().job()).as("it holds up no other").isEqualTo(next);
    assertThat(one.find(job.id()).map(JobState::answer)).contains(Optional.empty());
    for (int i = 2; i <= JobTurns.MAX_TAKINGS; i++) {
      endLease(job);
      assertThat(two.take()).isEmpty();
    }
    endLease(job);
    assertThatThrownBy(() -> two.take())
        .isInstanceOfSatisfying(
            UnreadableJobException.class,
            e -> assertThat(two.finish(e.job(), Jobs.answer("given up"))).isTrue());
    assertThat(one.take()).isEmpty();
    assertThat(one.find(job.id()).flatMap(JobState::answer).map(Jobs::text)).contains("given up");
    assertThat(one.find(job.id()).map(found -> found.job().owner())).contains(job.owner());
    assertThat(one.takeDue()).as("where to is not known").isEmpty();
  }

  @Test
  void aJobThatOthersCouldNotReadIsTakenByOneThatCan() {
    Job job = Jobs.of("", 1);
    one.add(job, bytes(1));
    String key = "glimpse:results:job:" + job.id();
    server.call("HSET", key, "job", "{}");
    for (int i = 0; i < JobTurns.MAX_TAKINGS; i++) {
      assertThat(one.take()).isEmpty();
      endLease(job);
    }
    server.call("HSET", key, "job", JobFormat.write(job).toString());

    assertThat(two.take().orElseThrow().takings()).as("of those that worked on it").isEqualTo(1);
  }

  @Test
  void aResultThatCannotBeReadHoldsUpNoOtherAndIsLeftToOthers() {
    Job unreadable = Jobs.calling("https://example.com/1");
    Job other = Jobs.calling("https://example.com/2");
    for (Job job : List.of(unreadable, other)) {
      one.add(job, bytes(1));
      one.take();
      one.finish(job, Jobs.answer("all"));
    }
    String key = "glimpse:results:job:" + unreadable.id();
    server.call("HSET", key, "job", "{}");

    assertThat(two.takeDue().map(JobStore.Due::job)).contains(other);
    two.sent(other);
    for (int i = 0; i <= JobTurns.MAX_TAKINGS; i++) {
      two.sendLater(unreadable.id(), Duration.ZERO);
      assertThat(two.takeDue()).isEmpty();
    }
    assertThat(one.takeDue()).as("not at once").isEmpty();
    server.call("HSET", key, "job", JobFormat.write(unreadable).toString());
    one.sendLater(unreadable.id(), Duration.ZERO);
    assertThat(one.takeDue().map(JobStore.Due::job)).contains(unreadable);
  }

  @Test
  void withoutRedisRequestsAreRefused() {
    server.kill();
    assertThatThrownBy(() -> one.add(Jobs.of("", 1), "image".getBytes(UTF_8)))
        .isInstanceOfSatisfying(
            ServingException.class,
            refused -> assertThat(refused.failure()).isEqualTo(Failure.NOT_READY));
  }
}
