package dev.glimpse.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.glimpse.access.RateLimiter.Decision;
import dev.glimpse.redis.RedisClient;
import dev.glimpse.support.Configs;
import dev.glimpse.support.FakeTime;
import dev.glimpse.support.RealRedis;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two replicas' limiters, and a real Redis. */
class SharedRateLimiterTest {

  private static final Rate TEN_AN_HOUR = Rate.parse("10/h").orElseThrow();
  private static final String PREFIX = "test:";

  private static RealRedis redis;
  private static Vertx vertx;

  @BeforeAll
  static void start() {
    redis = RealRedis.start();
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stop() {
    if (redis != null) {
      redis.close();
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  @BeforeEach
  void empty() {
    redis.call("FLUSHALL");
  }

  private final FakeTime time = new FakeTime();

  private SharedRateLimiter replica() {
    RedisClient client =
        new RedisClient(
            Configs.of(Map.of("glimpse.redis.url", redis.url(), "glimpse.redis.timeout", "1s")),
            new SimpleMeterRegistry(),
            vertx);
    await()
        .pollInterval(Duration.ofMillis(5))
        .until(() -> client.get("any key").join().isEmpty() && connected(client));
    return new SharedRateLimiter(client::run, PREFIX, new LocalRateLimiter(time));
  }

  private static boolean connected(RedisClient client) {
    return client
        .run(dev.glimpse.redis.Script.of("return {7}"), "any", List.of())
        .join()
        .equals(Optional.of(List.of(7L)));
  }

  @Test
  void replicasLimitTogetherAsOneDoesAlone() {
    List<SharedRateLimiter> replicas = List.of(replica(), replica());
    LocalRateLimiter alone = new LocalRateLimiter(time);
    for (int i = 0; i < 12; i++) {
      Decision together = take(replicas.get(i % 2), "a", TEN_AN_HOUR);
      Decision expected = take(alone, "a", TEN_AN_HOUR);
      assertThat(together.allowed()).as("request %d", i).isEqualTo(i < 10);
      assertThat(together.remaining()).isEqualTo(expected.remaining());
      assertThat(together.resetSeconds() - expected.resetSeconds()).isBetween(-30L, 0L);
      assertThat(together.retrySeconds() - expected.retrySeconds()).isBetween(-30L, 0L);
    }
    assertThat(take(replicas.get(0), "b", TEN_AN_HOUR).allowed()).as("another caller").isTrue();
  }

  @Test
  void keysHideCallersAndExpire() {
    SharedRateLimiter limiter = replica();
    take(limiter, "caller:alice", Rate.parse("1/s").orElseThrow());
    String keys = redis.call("KEYS", PREFIX + "rate:*");
    assertThat(keys).contains(PREFIX).doesNotContain("alice");

    String key = keys.lines().filter(line -> line.startsWith(PREFIX)).findFirst().orElseThrow();
    assertThat(Long.parseLong(redis.call("PTTL", key).strip().substring(1))).isBetween(-2L, 1000L);
    await().until(() -> redis.call("EXISTS", key).startsWith(":0"));
  }

  @Test
  void manyAtOnceTakeNoMoreThanThereIs() {
    List<SharedRateLimiter> replicas = List.of(replica(), replica());
    Rate rate = Rate.parse("500/h").orElseThrow();
    List<CompletableFuture<Decision>> decisions =
        IntStream.range(0, 1000)
            .mapToObj(i -> replicas.get(i % 2).take("many", rate).toCompletableFuture())
            .toList();

    assertThat(decisions.stream().filter(d -> d.join().allowed()).count()).isEqualTo(500);
  }

  @Test
  void whatIsNoTimeOrTooFarAheadCountsAsSuch() {
    SharedRateLimiter limiter = replica();
    take(limiter, "odd", TEN_AN_HOUR);
    String keys = redis.call("KEYS", PREFIX + "rate:*");
    for (String key : keys.lines().filter(line -> line.startsWith(PREFIX)).toList()) {
      redis.call("SET", key, "no number");
    }
    assertThat(take(limiter, "odd", TEN_AN_HOUR).remaining()).isEqualTo(9);
    for (String key : keys.lines().filter(line -> line.startsWith(PREFIX)).toList()) {
      redis.call("SET", key, "9000000000000000"); // by a clock of the year 2255
    }
    assertThat(take(limiter, "odd", TEN_AN_HOUR)).isEqualTo(new Decision(false, 10, 0, 3600, 360));
    Decision later = take(limiter, "odd", Rate.parse("100000/s").orElseThrow());
    assertThat(later.allowed()).as("at another rate").isFalse();
    await().until(() -> take(limiter, "odd", Rate.parse("100000/s").orElseThrow()).allowed());
  }

  @Test
  void aScriptThatRedisHasForgottenIsSentAgain() {
    SharedRateLimiter limiter = replica();
    take(limiter, "forgotten", TEN_AN_HOUR);
    redis.call("SCRIPT", "FLUSH");

    assertThat(take(limiter, "forgotten", TEN_AN_HOUR).remaining()).isEqualTo(8);
  }

  @Test
  void withoutRedisTheLocalLimitGoesOnFromWhatRedisSaid() {
    boolean[] available = {true};
    SharedRateLimiter limiter =
        new SharedRateLimiter(
            (script, key, arguments) ->
                CompletableFuture.completedFuture(
                    available[0] ? Optional.of(List.of(1L, 8 * 360_000_000L)) : Optional.empty()),
            PREFIX,
            new LocalRateLimiter(time));
    assertThat(take(limiter, "a", TEN_AN_HOUR)).isEqualTo(new Decision(true, 10, 2, 2880, 0));
    available[0] = false;

    assertThat(take(limiter, "a", TEN_AN_HOUR).remaining()).isEqualTo(1);
    assertThat(take(limiter, "a", TEN_AN_HOUR).remaining()).isEqualTo(0);
    assertThat(take(limiter, "a", TEN_AN_HOUR).allowed()).isFalse();
    time.pass(Duration.ofSeconds(360));
    assertThat(take(limiter, "a", TEN_AN_HOUR).allowed()).isTrue();
  }

  private static Decision take(RateLimiter limiter, String bucket, Rate rate) {
    return limiter.take(bucket, rate).toCompletableFuture().join();
  }
}
