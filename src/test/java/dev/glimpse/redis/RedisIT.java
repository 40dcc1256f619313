package dev.glimpse.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.glimpse.support.Fixtures;
import dev.glimpse.support.RealRedis;
import dev.glimpse.support.Repository;
import dev.glimpse.support.Service;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two replicas of the packaged application and one Redis, which is killed, stopped and filled under
 * load. {@code -Dredis.seconds} is how long each state lasts.
 */
@Tag("repeated")
@Timeout(600)
class RedisIT {

  private static final long MILLIS = Long.getLong("redis.seconds", 0) * 1000 + 300;
  private static final int CLIENTS = 4;
  private static final byte[] IMAGE = Fixtures.image("red.jpg");
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** Each comes from an address of its own, to which no limit applies. */
  private static final AtomicInteger LOOKS = new AtomicInteger();

  @TempDir private static Path folder;

  private static RealRedis redis;
  private static Repository models;
  private static Service one;
  private static Service two;

  @BeforeAll
  static void start() throws Exception {
    redis = RealRedis.start("--maxmemory-policy", "noeviction");
    models = new Repository(folder);
    models.put("colors/1", "colors", 1);
    one = replica();
    two = replica();
    awaitConnected(one);
    awaitConnected(two);
  }

  private static Service replica() throws Exception {
    Map<String, String> settings = new HashMap<>();
    settings.put("glimpse.models.path", folder.toString());
    settings.put("glimpse.redis.url", redis.url());
    settings.put("glimpse.redis.timeout", "100ms"); // so that a busy machine is no fault of Redis
    settings.put("glimpse.cache.redis", "true");
    settings.put("glimpse.drain.quiet", "0s");
    settings.put("glimpse.http.rate", "100/h");
    settings.put("glimpse.http.trusted-proxies", "127.0.0.1,::1");
    return Service.start(settings);
  }

  @AfterAll
  static void stop() {
    for (AutoCloseable started : new AutoCloseable[] {one, two, redis}) {
      try {
        if (started != null) {
          started.close();
        }
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static void awaitConnected(Service replica) {
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> metrics(replica).contains("glimpse_redis_connected 1.0"));
  }

  private static String metrics(Service replica) throws Exception {
    return HTTP.send(
            request(replica, "/q/metrics", "2001:db8:0:%x::".formatted(LOOKS.getAndIncrement()))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private static HttpRequest.Builder request(Service replica, String path, String address) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + replica.port() + path))
        .header("X-Forwarded-For", address);
  }

  private static HttpResponse<String> predict(Service replica, String address, byte[] image)
      throws IOException, InterruptedException {
    return HTTP.send(
        request(replica, "/predict", address)
            .header("Content-Type", "image/jpeg")
            .POST(HttpRequest.BodyPublishers.ofByteArray(image))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void replicasLimitTogether() throws Exception {
    int allowed = 0;
    for (int i = 0; i < 120; i++) {
      HttpResponse<String> response = predict(i % 2 == 0 ? one : two, "198.51.100.1", IMAGE);
      assertThat(response.statusCode()).isIn(200, 429);
      assertThat(response.headers().firstValue("RateLimit-Limit")).contains("100");
      if (response.statusCode() == 200) {
        allowed++;
        assertThat(response.headers().firstValueAsLong("RateLimit-Remaining").orElse(-1))
            .isBetween(99L - i, 101L - i);
      } else {
        assertThat(response.headers().firstValueAsLong("Retry-After").orElse(-1))
            .isBetween(1L, 36L);
      }
    }
    assertThat(allowed).isBetween(100, 101);
  }

  @Test
  void replicasShareResultsButNotThoseOfAReplacedModel() throws Exception {
    byte[] image = Fixtures.image("blue.jpg");
    await().until(() -> isCached(predict(one, "198.51.100.2", image))); // once it has a digest
    assertThat(metrics(two)).doesNotContain("glimpse_cache_redis_lookups_total{result=\"hit\"}");
    await().until(() -> isCached(predict(two, "198.51.100.3", image)));
    assertThat(metrics(two)).contains("glimpse_cache_redis_lookups_total{result=\"hit\"} 1.0");
    assertThat(withoutTimes(predict(one, "198.51.100.2", image)))
        .isEqualTo(withoutTimes(predict(two, "198.51.100.3", image)));

    Files.writeString(folder.resolve("colors/1/README.md"), "trained again");
    try (Service three = replica()) {
      awaitConnected(three);
      assertThat(isCached(predict(three, "198.51.100.4", image))).isFalse();
      await().until(() -> isCached(predict(three, "198.51.100.4", image)));
      three.terminate();
      assertThat(three.ended(30)).isTrue();
      assertThat(three.log()).doesNotContain("Redis at");
    }
  }

  private static boolean isCached(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response.body().contains("\"cached\":true");
  }

  private static String withoutTimes(HttpResponse<String> response) {
    return response.body().replaceAll("\"[a-z_]*(ms|id)\":[^,}]*", "");
  }

  /** A Redis that is away, or does not answer, or is full, costs no prediction. */
  @Test
  void noPredictionFailsWhateverRedisDoes() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    Queue<String> failed = new ConcurrentLinkedQueue<>();
    Queue<Long> nanos = new ConcurrentLinkedQueue<>();
    List<Thread> clients =
        java.util.stream.IntStream.range(0, CLIENTS)
            .mapToObj(i -> new Thread(() -> load(i, over, failed, nanos)))
            .toList();
    clients.forEach(Thread::start);
    try {
      for (int round = 0; round < 1 + MILLIS / 10_000; round++) {
        during(redis::kill, redis::restart);
        during(redis::pause, redis::resume);
        during(
            () -> redis.call("CONFIG", "SET", "maxmemory", "1"),
            () -> redis.call("CONFIG", "SET", "maxmemory", "0"));
      }
    } finally {
      over.set(true);
      for (Thread client : clients) {
        client.join();
      }
    }
    assertThat(failed).isEmpty();
    assertThat(nanos).hasSizeGreaterThan(50);
    System.out.printf(
        "%d predictions, the slowest took %d ms%n",
        nanos.size(), TimeUnit.NANOSECONDS.toMillis(nanos.stream().max(Long::compare).get()));
    for (Service replica : List.of(one, two)) {
      String log = replica.log();
      long away = log.lines().filter(line -> line.contains("is not used, because")).count();
      long back = log.lines().filter(line -> line.contains("is back, and")).count();
      assertThat(log).as("by Micrometer").doesNotContain("already registered");
      assertThat(metrics(replica))
          .contains("glimpse_redis_commands_seconds_count{command=\"limit\",outcome=\"ok\"}")
          .contains("glimpse_redis_skipped_total{command=\"limit\"}");
      assertThat(away).as(log).isEqualTo(3 * (1 + MILLIS / 10_000)).isEqualTo(back);
    }
  }

  /** Nothing of the client is loaded where no setting asks for it. */
  @Test
  void withoutTheSettingNothingOfTheClientIsLoaded() throws Exception {
    Assumptions.assumeFalse(Service.isNative(), "a native executable loads no classes");
    Path loaded = Path.of("target/loaded-classes.log").toAbsolutePath();
    Map<String, String> settings =
        Map.of("glimpse.models.path", folder.toString(), "glimpse.http.rate", "100/h");
    try (Service alone =
        Service.start(settings, List.of("-Xlog:class+load:file=" + loaded + "::filecount=0"))) {
      assertThat(predict(alone, "192.0.2.1", IMAGE).headers().firstValue("RateLimit-Remaining"))
          .contains("99");
      assertThat(Files.readAllLines(loaded))
          .anyMatch(line -> line.contains("dev.glimpse.access.LocalRateLimiter"))
          .noneMatch(line -> line.contains("io.vertx.redis"))
          .noneMatch(line -> line.contains("dev.glimpse.redis.RedisLink"))
          .noneMatch(line -> line.contains("dev.glimpse.access.SharedRateLimiter"));
      assertThat(metrics(alone)).doesNotContain("redis");
    }
  }

  private static void during(Runnable fault, Runnable repair) throws InterruptedException {
    fault.run();
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(20))
        .until(() ->
            metrics(one).contains("glimpse_redis_connected 0.0")
                && metrics(two).contains("glimpse_redis_connected 0.0"));
    assertThat(one.status("/q/health/ready")).isEqualTo(200);
    Thread.sleep(MILLIS);
    repair.run();
    awaitConnected(one);
    awaitConnected(two);
    Thread.sleep(MILLIS);
  }

  private static void load(
      int client, AtomicBoolean over, Queue<String> failed, Queue<Long> nanos) {
    try {
      for (int i = 0; !over.get(); i++) {
        byte[] other = java.util.Arrays.copyOf(IMAGE, IMAGE.length + 4); // another key, as a rule
        other[IMAGE.length] = (byte) i;
        long start = System.nanoTime();
        HttpResponse<String> response =
            predict(
                i % 2 == 0 ? one : two, "10.%d.%d.%d".formatted(client, i >> 8, i & 255), other);
        nanos.add(System.nanoTime() - start);
        if (response.statusCode() != 200) {
          failed.add(response.statusCode() + " " + response.body());
        }
      }
    } catch (IOException | InterruptedException e) {
      failed.add(e.toString());
    }
  }
}
