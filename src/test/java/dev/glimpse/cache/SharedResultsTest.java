package dev.glimpse.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.glimpse.bytes.Bytes;
import dev.glimpse.cache.SharedResults.SharedKey;
import dev.glimpse.metrics.CacheMetrics;
import dev.glimpse.postprocess.Classification;
import dev.glimpse.postprocess.RankedClasses;
import dev.glimpse.redis.RedisClient;
import dev.glimpse.support.Configs;
import dev.glimpse.support.RealRedis;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two instances' results in a real Redis. */
class SharedResultsTest {

  private static final List<String> NAMES = List.of("cat", "dog", "fox");
  private static final ResultLabels TWO = new ResultLabels(2, NAMES, NAMES, List.of());
  private static final RankedClasses RESULT =
      RankedClasses.of(
          List.of(new Classification("fox", 0.75f, 2), new Classification("cat", 0.1f, 0)));
  private static final Key KEY = key(new byte[] {1}, 0, 2, "en", "SOFTMAX");

  private static RealRedis redis;
  private static Vertx vertx;

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

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

  private static Key key(byte[] image, int page, int topK, String language, String activation) {
    return Key.of(Bytes.of(image), page, new Object(), topK, language, activation);
  }

  private SharedResults instance(Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("glimpse.redis.url", redis.url());
    settings.put("glimpse.redis.timeout", "1s");
    settings.put("glimpse.cache.redis", "true");
    SimpleMeterRegistry own = new SimpleMeterRegistry();
    RedisClient client = new RedisClient(Configs.of(settings), own, vertx);
    SharedResults results =
        new SharedResults(Configs.of(settings), client, new CacheMetrics(meters));
    await()
        .pollInterval(Duration.ofMillis(5))
        .until(() -> own.get("glimpse.redis.connected").gauge().value() == 1);
    return results;
  }

  private static Optional<SharedKey> key(
      SharedResults results, String model, int version, Key key) {
    return results.key(model, version, () -> Optional.of("digest"), "TurboJPEG", key);
  }

  @Test
  void oneInstanceFindsWhatAnotherHasKept() {
    SharedResults one = instance(Map.of());
    SharedResults other = instance(Map.of());
    SharedKey key = key(one, "flowers", 1, KEY).orElseThrow();
    assertThat(other.find(key, TWO)).isEmpty();
    one.store(key, RESULT);

    SharedKey same = key(other, "flowers", 1, KEY).orElseThrow();
    await().untilAsserted(() -> assertThat(other.find(same, TWO)).contains(RESULT));
    assertThat(meters.get("glimpse.cache.redis.lookups").tag("result", "hit").counter().count())
        .isEqualTo(1);
  }

  @Test
  void whatIsInThePlaceOfAResultIsAMiss() {
    SharedResults results = instance(Map.of("glimpse.redis.prefix", "odd:"));
    SharedKey key = key(results, "flowers", 1, KEY).orElseThrow();
    results.store(key, RESULT);
    await().until(() -> results.find(key, TWO).isPresent());
    String name =
        redis
            .call("KEYS", "odd:*")
            .lines()
            .filter(l -> l.startsWith("odd:result"))
            .findFirst()
            .get();
    redis.call("SET", name, "no result");

    assertThat(results.find(key, TWO)).isEmpty();
    assertThat(meters.get("glimpse.cache.redis.lookups").tag("result", "invalid").counter().count())
        .isEqualTo(1);
    redis.call("DEL", name);
    redis.call("LPUSH", name, "a list");
    assertThat(results.find(key, TWO)).isEmpty();
  }

  @Test
  void resultsExpire() {
    SharedResults results =
        instance(Map.of("glimpse.cache.ttl", "1ms", "glimpse.redis.prefix", "short:"));
    SharedKey key = key(results, "flowers", 1, KEY).orElseThrow();
    results.store(key, RESULT);
    await().until(() -> results.find(key, TWO).isEmpty());
    SharedResults usual = instance(Map.of("glimpse.redis.prefix", "usual:"));
    usual.store(key(usual, "flowers", 1, KEY).orElseThrow(), RESULT);
    await().until(() -> redis.call("KEYS", "usual:result*").contains("usual:result"));
    String name =
        redis
            .call("KEYS", "usual:*")
            .lines()
            .filter(l -> l.startsWith("usual:result"))
            .findFirst()
            .get();
    assertThat(Long.parseLong(redis.call("TTL", name).strip().substring(1)))
        .isBetween(86_000L, 86_400L);
  }

  @Test
  void everythingThatScoresDependOnIsInTheKey() {
    SharedResults results = instance(Map.of());
    SharedResults exact = instance(Map.of("glimpse.image.decode", "exact"));
    List<Optional<SharedKey>> keys =
        List.of(
            key(results, "flowers", 1, KEY),
            key(exact, "flowers", 1, KEY),
            key(results, "trees", 1, KEY),
            key(results, "flowers", 2, KEY),
            results.key("flowers", 1, () -> Optional.of("other files"), "TurboJPEG", KEY),
            results.key("flowers", 1, () -> Optional.of("digest"), "ImageIO", KEY),
            key(results, "flowers", 1, key(new byte[] {2}, 0, 2, "en", "SOFTMAX")),
            key(results, "flowers", 1, key(new byte[] {1}, 1, 2, "en", "SOFTMAX")),
            key(results, "flowers", 1, key(new byte[] {1}, 0, 3, "en", "SOFTMAX")),
            key(results, "flowers", 1, key(new byte[] {1}, 0, 2, "de", "SOFTMAX")),
            key(results, "flowers", 1, key(new byte[] {1}, 0, 2, "en", "SIGMOID")));
    Set<String> names = new HashSet<>();
    keys.forEach(key -> names.add(key.orElseThrow().toString()));

    assertThat(names).hasSameSizeAs(keys);
    assertThat(key(results, "flowers", 1, key(new byte[] {1}, 0, 2, "en", "SOFTMAX")))
        .as("whatever load of the model")
        .hasToString(key(results, "flowers", 1, KEY).toString());
  }

  @Test
  void withoutADigestNothingIsShared() {
    assertThat(instance(Map.of()).key("flowers", 1, Optional::empty, "TurboJPEG", KEY)).isEmpty();
  }

  @Test
  void anAddressIsNeeded() {
    var config = Configs.of(Map.of("glimpse.cache.redis", "true"));
    assertThatThrownBy(() ->
            new SharedResults(
                config,
                new RedisClient(config, meters, vertx),
                new CacheMetrics(new SimpleMeterRegistry())))
        .hasMessage(
            "glimpse.cache.redis is true, but there is no glimpse.redis.url; set it, or remove"
                + " glimpse.cache.redis.");
  }
}
