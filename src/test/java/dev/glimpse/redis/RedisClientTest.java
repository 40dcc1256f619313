package dev.glimpse.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.glimpse.support.Configs;
import dev.glimpse.support.LogLines;
import dev.glimpse.support.RealRedis;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The client with a real Redis, and with servers that are none. */
@Timeout(60)
class RedisClientTest {

  private static final Script ONE = Script.of("return {1}");
  private static final String PASSWORD = "pass+word~1";

  private static Vertx vertx;

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private String server = "";
  private final LogLines log = LogLines.of(RedisLink.class.getName());

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stop() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @AfterEach
  void close() {
    log.close();
  }

  private RedisClient client(String url) {
    // Long, so that a busy machine is no fault of Redis.
    return client(url, "1s");
  }

  /** Returns what was logged about this test's server; clients of other tests may still end. */
  private List<String> lines() {
    return log.lines().stream().filter(line -> line.contains("Redis at " + server)).toList();
  }

  private RedisClient client(String url, String timeout) {
    URI address = URI.create(url);
    server = address.getHost() + ":" + address.getPort();
    Map<String, String> settings = new HashMap<>();
    settings.put("glimpse.redis.url", url);
    settings.put("glimpse.redis.timeout", timeout);
    RedisClient client = new RedisClient(Configs.of(settings), meters, vertx);
    client.open();
    return client;
  }

  private double connected() {
    return meters.get("glimpse.redis.connected").gauge().value();
  }

  private void awaitConnected() {
    await().pollInterval(Duration.ofMillis(5)).until(() -> connected() == 1);
  }

  private void awaitAway() {
    await().pollInterval(Duration.ofMillis(5)).until(() -> !lines().isEmpty());
  }

  @Test
  void valuesAreWrittenAndReadUntilTheyExpire() {
    try (RealRedis redis = RealRedis.start()) {
      RedisClient client = client(redis.url() + "/3");
      awaitConnected();
      byte[] value = {0, -1, 13, 10, 127};
      assertThat(client.get("key").join()).isEmpty();
      client.set("key", value, Duration.ofSeconds(100));

      await().untilAsserted(() -> assertThat(client.get("key").join()).contains(value));
      assertThat(redis.call("EXISTS", "key")).as("in database 0").startsWith(":0");
      client.set("short", value, Duration.ofMillis(1));
      await().until(() -> client.get("short").join().isEmpty());
      assertThat(lines()).isEmpty();
    }
  }

  @Test
  void aScriptIsSentOnce() {
    try (RealRedis redis = RealRedis.start()) {
      RedisClient client = client(redis.url());
      awaitConnected();
      redis.call("CONFIG", "RESETSTAT");
      for (int i = 0; i < 5; i++) {
        assertThat(client.run(ONE, "key", List.of()).join()).contains(List.of(1L));
      }
      String stats = redis.call("INFO", "commandstats");
      assertThat(stats).contains("cmdstat_evalsha:calls=5,").contains("cmdstat_eval:calls=1,");
    }
  }

  @Test
  void theUserAndThePasswordOfTheUrlAreUsed() {
    try (RealRedis redis = RealRedis.start("--requirepass", PASSWORD)) {
      RedisClient client = client("redis://:" + PASSWORD + "@127.0.0.1:" + redis.port());
      awaitConnected();
      assertThat(client.run(ONE, "key", List.of()).join()).isPresent();
    }
    meters.clear();
    try (RealRedis redis =
        RealRedis.start(
            ("--user default off --user app on >" + PASSWORD + " ~* +@all").split(" "))) {
      client("redis://app:" + PASSWORD.replace("+", "%2B") + "@127.0.0.1:" + redis.port());
      awaitConnected();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"redis://127.0.0.1:%d", "redis://:wrong@127.0.0.1:%d"})
  void anotherPasswordIsReportedWithoutIt(String url) {
    try (RealRedis redis = RealRedis.start("--requirepass", PASSWORD)) {
      RedisClient client = client(url.formatted(redis.port()));
      awaitAway();
      assertThat(lines())
          .singleElement()
          .asString()
          .contains("Redis at 127.0.0.1:" + redis.port() + " is not used")
          .contains("it refuses the user or the password")
          .doesNotContain("wrong@")
          .doesNotContain(PASSWORD);
      assertThat(client.run(ONE, "key", List.of()).join()).isEmpty();
    }
  }

  @Test
  void aFullRedisIsNotUsedUntilItHasRoom() {
    try (RealRedis redis = RealRedis.start("--maxmemory-policy", "noeviction")) {
      RedisClient client = client(redis.url(), "100ms");
      awaitConnected();
      redis.call("CONFIG", "SET", "maxmemory", "1");
      await()
          .pollInterval(Duration.ofMillis(5))
          .until(() -> {
            var unused =
                client.run(Script.of("return redis.call('INCR', KEYS[1])"), "k", List.of());
            client.set("key", new byte[10], Duration.ofSeconds(1));
            return connected() == 0;
          });
      assertThat(lines()).singleElement().asString().contains("it is full (OOM");
      redis.call("CONFIG", "SET", "maxmemory", "0");
      awaitConnected();
      assertThat(lines()).hasSize(2).element(1).asString().endsWith("is back, and is used again.");
    }
  }

  @Test
  void aKilledRedisIsUsedAgainWhenItIsBack() {
    try (RealRedis redis = RealRedis.start()) {
      RedisClient client = client(redis.url());
      awaitConnected();
      redis.kill();
      awaitAway();
      assertThat(client.run(ONE, "key", List.of()).join()).isEmpty();
      redis.restart();
      awaitConnected();
      assertThat(client.run(ONE, "key", List.of()).join()).contains(List.of(1L));
      assertThat(lines()).hasSize(2);
    }
  }

  @Test
  void aStoppedRedisIsAskedNoMoreAfterAFewCommands() {
    try (RealRedis redis = RealRedis.start()) {
      RedisClient client = client(redis.url(), "20ms");
      awaitConnected();
      redis.pause();
      long start = System.nanoTime();
      int asked = 0;
      while (connected() == 1) {
        assertThat(client.run(ONE, "key", List.of()).join()).isEmpty();
        asked++;
      }
      assertThat(asked).isBetween(FailureStreaks.LEAST_FAILURES, 30);
      assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(5));
      redis.resume();
      awaitConnected();
      assertThat(lines()).hasSize(2);
    }
  }

  /** Given up a little later each time, before, while and after Redis answers. */
  @Test
  void anAttemptThatIsGivenUpLeavesNoConnection() {
    Vertx own = Vertx.vertx();
    own.exceptionHandler(
        closedTwice -> {}); // Vert.x's client asserts that it closes once, in tests
    try (RealRedis redis = RealRedis.start()) {
      VertxConnector connector = new VertxConnector(own, RedisUrl.of(redis.url()));
      for (int i = 0; i < 500; i++) {
        CompletableFuture<Connection> attempt = connector.connect();
        LockSupport.parkNanos(i * 5_000L);
        if (!attempt.completeExceptionally(new RedisException("is given up"))) {
          attempt.join().close();
        }
      }
      await().until(() -> redis.call("CLIENT", "LIST").lines().count() == 3);
    }
    own.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void commandsThatWaitAreBounded() {
    try (RealRedis redis = RealRedis.start()) {
      RedisClient client = client(redis.url());
      awaitConnected();
      redis.pause();
      for (int i = 0; i < 1024 + 2; i++) { // after three failures Redis would be given up
        var unused = client.run(ONE, "key", List.of());
      }
      await()
          .pollInterval(Duration.ofMillis(5))
          .untilAsserted(() ->
              assertThat(meters.find("glimpse.redis.commands").timers())
                  .extracting(timer -> timer.getId().getTag("outcome") + " " + timer.count())
                  .containsExactly("error 2"));
    }
  }

  @Test
  void whatDoesNotListenIsReported() throws IOException {
    RedisClient client = client("redis://127.0.0.1:" + RealRedis.freePort());
    awaitAway();
    assertThat(lines())
        .singleElement()
        .asString()
        .startsWith("WARN Redis at 127.0.0.1:")
        .contains("it cannot be reached (Connection refused");
    assertThat(client.get("key").join()).isEmpty();
  }

  /** Answers what it is told to, whatever it is asked. */
  private static final class FaultyServer implements AutoCloseable {

    private final ServerSocket socket;
    private final ConcurrentLinkedQueue<Socket> open = new ConcurrentLinkedQueue<>();

    FaultyServer(String answer) throws IOException {
      socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
      Thread thread = new Thread(() -> serve(answer.getBytes(StandardCharsets.ISO_8859_1)));
      thread.setDaemon(true);
      thread.start();
    }

    private void serve(byte[] answer) {
      try {
        while (true) {
          Socket client = socket.accept();
          open.add(client);
          if (answer.length > 0 && client.getInputStream().read() >= 0) {
            OutputStream out = client.getOutputStream();
            out.write(answer);
            out.flush();
          }
        }
      } catch (IOException e) {
        // the test is over
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
      for (Socket client : open) {
        client.close();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n",
        "$99999999999\r\n",
        "-ERR unknown command 'HELLO', with args beginning with: '3' 'AUTH' 'pass'\r\n",
        "-LOADING Redis is loading the dataset in memory\r\n",
        "%1\r\n+server\r\n",
        "\0\0\0\0\r\n",
        "+OK\r\n+OK\r\n:1\r\n"
      })
  void whatIsNoRedisIsNotUsed(String answer) throws IOException {
    try (FaultyServer server = new FaultyServer(answer)) {
      int port = server.socket.getLocalPort();
      RedisClient client = client("redis://:pass@127.0.0.1:" + port, "50ms");
      awaitAway();
      assertThat(client.run(ONE, "key", List.of()).join()).isEmpty();
      assertThat(connected()).isZero();
      assertThat(lines())
          .singleElement()
          .asString()
          .startsWith("WARN Redis at 127.0.0.1:" + port + " is not used, because it ")
          .doesNotContain("pass@")
          .doesNotContain("'pass'")
          .doesNotContain("secret");
    }
  }

  @Test
  void aServerWithoutTlsIsNoServerForAnEncryptedAddress() throws IOException {
    try (FaultyServer server = new FaultyServer("no TLS")) {
      client("rediss://127.0.0.1:" + server.socket.getLocalPort());
      awaitAway();
      assertThat(lines()).singleElement().asString().contains("it cannot be reached (");
    }
  }
}
