package dev.glimpse.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A wrong value of each setting, in its environment variable, and what the operator reads. */
class WrongSettingsTest {

  /** May be any text: what reads the folder or file says what is wrong with it, or a token is. */
  private static final List<String> ANY_TEXT =
      List.of(
          "GLIMPSE_MODELS_PATH",
          "GLIMPSE_MODELS_VERIFY",
          "GLIMPSE_AUTH_KEYS",
          "GLIMPSE_AUTH_JWT_KEYS",
          "GLIMPSE_AUTH_JWT_ISSUER",
          "GLIMPSE_AUTH_JWT_AUDIENCE",
          "GLIMPSE_AUTH_JWT_ROLES_PREFIX",
          "GLIMPSE_EVENTS_AUTHORIZATION_FILE",
          "GLIMPSE_RESULTS_FOLDER");

  private static final String DURATION = "a duration such as 500ms, 5s or 2m";
  private static final String DAY = DURATION + " from 1ms to 24h";
  private static final String SIZE = "a size in bytes such as 512K, 10M or 1G";
  private static final String SWITCH = "true or false";
  private static final String ROUTE = "a path that begins with a slash";
  private static final String TRAFFIC =
      "a version, or versions with their weights such as 1:90,2:10";

  /**
   * A row of the table.
   *
   * @param variable its letters after GLIMPSE_
   * @param values each of which is wrong
   */
  private record Row(String variable, String mustBe, String... values) {}

  private static final List<Row> TABLE =
      List.of(
          new Row("MODELS_DEFAULT", "the name of a model in the repository", "a/b", "-a", "ä"),
          new Row(
              "MODELS_NAME",
              "the name of a model: 1 to 64 letters, digits, dots, hyphens and underscores",
              "a/b",
              "-a",
              "ä"),
          new Row("MODELS_WARM_UP", "a whole number from 1 to 1000", "0", "1001", "1.5", "three"),
          new Row("MODELS_FLOWERS_TRAFFIC", TRAFFIC, "latest", "0", "1:90;2:10", "1:"),
          new Row("REPOSITORY_POLL", DURATION + " from 100ms to 24h", "99ms", "25h", "often"),
          new Row("REPOSITORY_CONTROL", SWITCH, "enabled", "ture", "2"),
          new Row("IMAGE_MAX_BYTES", SIZE, "10MB", "-1", "1.5M", "10 M", "99999999999999999Y"),
          new Row(
              "IMAGE_MAX_PIXELS", "a whole number from 1 to 500000000", "0", "500000001", "50M"),
          new Row("IMAGE_MAX_MEMORY", SIZE, "half", "10MiB", "8E"),
          new Row("IMAGE_KEPT_MEMORY", SIZE, "all", "64 MB"),
          new Row("IMAGE_DECODE", "fast or exact", "quick", "0"),
          new Row("EXPLAIN_ENABLED", SWITCH, "enabled", "ture", "2"),
          new Row("PIXELS", "java or baseline or avx2", "c", "sse", "2"),
          new Row("WORKERS_COUNT", "a whole number from 1 to 1024", "0", "1025", "all", "-2"),
          new Row("WORKERS_STUCK_AFTER", DURATION + ", 1ms at least", "0", "never", "-5s"),
          new Row("QUEUE_SIZE", "a whole number from 0 to 100000", "-1", "100001", "1e3"),
          new Row("QUEUE_TIMEOUT", DAY, "0", "25h", "soon", "5 seconds"),
          new Row("QUEUE_BODY_TIMEOUT", DAY, "0s", "2d", "x"),
          new Row("MEMORY_BODIES", SIZE, "25%", "1.5G"),
          new Row("MEMORY_WORK", SIZE, "25%", "-1M"),
          new Row("HTTP_MAX_CONNECTIONS", "a whole number from 1 to 1000000", "0", "1000001", "2k"),
          new Row(
              "HTTP_MAX_CONNECTIONS_PER_ADDRESS",
              "a whole number from 1 to 1000000",
              "0",
              "1000001",
              "none"),
          new Row("HTTP_MAX_STREAMS", "a whole number from 1 to 100000", "0", "100001", "many"),
          new Row("HTTP_MAX_UNREAD", SIZE, "32MB", "x"),
          new Row("HTTP_HEADER_TIMEOUT", DAY, "0", "25h", "ten"),
          new Row("HTTP_IDLE_TIMEOUT", DAY, "0", "25h", "11min"),
          new Row("HTTP_WRITE_TIMEOUT", DAY, "0", "25h", "30 s."),
          new Row("HTTP_MIN_RATE", SIZE, "1K/s", "fast"),
          new Row(
              "HTTP_RATE",
              "a number of requests per s, m or h such as 10/s",
              "10",
              "0/s",
              "10/d",
              "ten a second"),
          new Row(
              "HTTP_TRUSTED_PROXIES",
              "an address or a network such as 10.0.0.0/8; several are separated by commas",
              "localhost",
              "10.0.0.0/33",
              "10.0.0.1,10.0.0.256"),
          new Row(
              "AUTH_JWT_ROLES_CLAIM",
              "the name of a claim; dots lead into objects",
              ".roles",
              "a..b"),
          new Row(
              "MANAGEMENT_LISTEN",
              "a port, or an address and a port such as 127.0.0.1:9000",
              "-1",
              "65536",
              "localhost",
              "::1:9000",
              "http://localhost:9000"),
          new Row("GRPC_REFLECTION", SWITCH, "on-demand", "v1"),
          new Row("PAGE_ENABLED", SWITCH, "on-demand", "2"),
          new Row("LIVE_MAX_CONNECTIONS", "a whole number from 0 to 10000", "-1", "10001", "x"),
          new Row("LIVE_MAX_FRAME", SIZE, "1MB", "-1"),
          new Row("LIVE_IDLE_TIMEOUT", DAY, "0", "25h", "never"),
          new Row("BATCH_MAX_IMAGES", "a whole number from 1 to 1000", "0", "1001", "x"),
          new Row(
              "BATCHING_FLOWERS_MAX_BATCH_SIZE", "a whole number from 1 to 256", "0", "257", "x"),
          new Row("BATCHING_FLOWERS_MAX_DELAY", DURATION + " from 0 to 10s", "11s", "-1ms", "x"),
          new Row(
              "BATCHING_FLOWERS_PREFERRED_SIZES",
              "a whole number from 1 to 256; several are separated by commas",
              "0",
              "4,257",
              "4;8"),
          new Row("DEADLINE_DEFAULT", DAY, "0", "25h", "x"),
          new Row("DEADLINE_MAX", DAY, "0", "25h", "x"),
          new Row("CACHE_MAX_BYTES", SIZE, "16MB", "on"),
          new Row("CACHE_TTL", DURATION + ", 1ms at least", "0", "forever"),
          new Row("CACHE_REDIS", SWITCH, "redis://redis:6379", "2"),
          new Row("REDIS_TIMEOUT", DURATION + " from 1ms to 1s", "0", "2s", "5 ms"),
          new Row(
              "REDIS_PREFIX",
              "1 to 64 letters, digits, dots, colons, slashes, hyphens or underscores",
              "a b",
              "{a}",
              "x".repeat(65)),
          new Row("URL_ENABLED", SWITCH, "ture", "yes please"),
          new Row("URL_HTTP", SWITCH, "http", "-1"),
          new Row(
              "URL_HOSTS",
              "a host name such as images.example.com or *.example.com; several are separated by"
                  + " commas",
              "https://a.b",
              "a.b,-",
              "*"),
          new Row(
              "URL_PORTS",
              "a whole number from 1 to 65535; several are separated by commas",
              "0",
              "443,65536",
              "https"),
          new Row("URL_TIMEOUT", DURATION + " from 1ms to 10m", "0", "11m", "x"),
          new Row("URL_REDIRECTS", "a whole number from 0 to 10", "-1", "11", "x"),
          new Row("ENGINE_ARENA", SWITCH, "small", "3"),
          new Row("DRAIN_QUIET", DURATION + " from 0 to 24h", "-1s", "25h", "x"),
          new Row("DRAIN_MAX", DURATION + " from 0 to 24h", "-1s", "25h", "x"),
          new Row("EVENTS_TYPE", "flat or kserve", "cloudevents", "1"),
          new Row("EVENTS_MODE", "binary or structured or batched", "batch", "json"),
          new Row(
              "EVENTS_SAMPLE",
              "a number from 0 to 1 such as 0.1",
              "1.1",
              "-0.1",
              "10%",
              "NaN",
              "0x1p-1",
              "half"),
          new Row(
              "EVENTS_SOURCE", "a URI reference such as glimpse or /shop/glimpse", "a b", "?", "ä"),
          new Row(
              "EVENTS_EXTENSIONS",
              "a name of 1 to 20 lower-case letters and digits, = and a value; several are"
                  + " separated by commas",
              "team",
              "Team=a",
              "a_b=c",
              "a=b,=c"),
          new Row(
              "EVENTS_OVERRIDES",
              "JSON such as {\"extensions\":{\"name\":\"value\"}}",
              "team=a",
              "[]"),
          new Row("EVENTS_TIMEOUT", DURATION + " from 1ms to 10m", "0", "11m", "x"),
          new Row("EVENTS_RETRY", DAY, "0", "25h", "3 times"),
          new Row(
              "EVENTS_QUEUE_MAX_EVENTS", "a whole number from 1 to 1000000", "0", "1000001", "x"),
          new Row("EVENTS_QUEUE_MAX_BYTES", SIZE, "8MB", "-1"),
          new Row("EVENTS_FILE_MAX_SIZE", SIZE, "64MB", "large"),
          new Row("EVENTS_FILE_FILES", "a whole number from 0 to 1000", "-1", "1001", "all"),
          new Row("RESULTS_ENABLED", SWITCH, "later", "2"),
          new Row("RESULTS_REDIS", SWITCH, "redis://redis:6379", "2"),
          new Row("RESULTS_TTL", DURATION + " from 1s to 720h", "0", "999ms", "31d", "x"),
          new Row(
              "RESULTS_MAX_JOBS", "a whole number from 1 to 100000", "0", "100001", "unlimited"),
          new Row("RESULTS_MAX_BYTES", SIZE, "64MB", "-1"),
          new Row("RESULTS_MAX_IMAGES", "a whole number from 1 to 100000", "0", "100001", "1k"),
          new Row("RESULTS_WORKERS", "a whole number from 1 to 1024", "0", "1025", "half"),
          new Row(
              "RESULTS_CALLBACK_HOSTS",
              "a host name such as hooks.example.com, or an IPv4 address; several are separated by"
                  + " commas",
              "http://hooks",
              "*.example.com",
              "a,-"),
          new Row("LOG_REQUESTS", "none or failures or all", "errors", "true"),
          new Row("VERTEX_HEALTH_ROUTE", ROUTE, "ping", "/a b"),
          new Row("LOG_FORMAT", "text or json or ecs", "xml", "logfmt"),
          new Row("VERTEX_PREDICT_ROUTE", ROUTE, "predict", "/{x}"));

  static Stream<String[]> wrongValues() {
    return TABLE.stream()
        .flatMap(row ->
            Stream.of(row.values)
                .map(value -> new String[] {"GLIMPSE_" + row.variable, value, row.mustBe}));
  }

  @ParameterizedTest(name = "{0}={1}")
  @MethodSource("wrongValues")
  void valueStopsTheStart(String variable, String value, String mustBe) {
    assertThatThrownBy(() -> check(Map.of(variable, value)))
        .hasMessage("%s is \"%s\"; it must be %s.", variable, value, mustBe);
  }

  /** A secret is not repeated in a log. */
  @Test
  void shortTokenStopsTheStart() {
    for (String token : List.of("secret", "with spaces in between", "ä".repeat(20))) {
      assertThatThrownBy(() -> check(Map.of("GLIMPSE_RESULTS_CALLBACK_SECRET", token)))
          .hasMessage(
              "GLIMPSE_RESULTS_CALLBACK_SECRET must be 16 to 1024 visible ASCII characters without"
                  + " spaces.");
      assertThatThrownBy(() -> check(Map.of("GLIMPSE_ADMIN_TOKEN", token)))
          .hasMessage(
              "GLIMPSE_ADMIN_TOKEN must be 16 to 1024 visible ASCII characters without spaces.");
    }
  }

  @Test
  void aWrongAddressOfRedisIsNotShown() {
    for (String url :
        List.of(
            "redis.internal:6379",
            "http://:secret@redis:6379",
            "redis://:sec ret@redis:6379",
            "redis://:secret@redis:6379/zero",
            "redis://:secret@redis:port",
            "redis://:sec/ret@redis:6379",
            "redis://redis:6379?password=secret")) {
      assertThatThrownBy(() -> check(Map.of("GLIMPSE_REDIS_URL", url)))
          .as(url)
          .hasMessage(
              "GLIMPSE_REDIS_URL must be an address such as redis://host:6379 or"
                  + " rediss://user:password@host:6379/0, with %XX for special characters.");
    }
  }

  @Test
  void wrongAddressOfAReceiverOfSpansIsNotShown() {
    for (String url :
        List.of(
            "collector:4318",
            "grpc://collector:4317",
            "http://user:secret@collector:4318",
            "http://collector:4318?key=secret",
            "http://otel_collector:4318",
            "http://collector:abc",
            "http://collector/a|b",
            "http:///v1")) {
      assertThatThrownBy(() -> check(Map.of("GLIMPSE_OTLP_ENDPOINT", url)))
          .as(url)
          .hasMessage(
              "GLIMPSE_OTLP_ENDPOINT must be an address such as http://collector:4318, without a"
                  + " user and a query.");
    }
  }

  @Test
  void addressesOfRedisMayHaveUsersPasswordsPortsAndDatabases() {
    for (String url :
        List.of(
            "redis://redis",
            "redis://redis-master.cache.svc:6380/15",
            "rediss://user:p%40ss:w+rd@10.0.0.1",
            "redis://:secret@[fd00::1]:6379/0")) {
      check(Map.of("GLIMPSE_REDIS_URL", url));
    }
  }

  @Test
  void aWrongAddressForEventsIsNotShown() {
    for (String address :
        List.of(
            "events.example.com/secret",
            "ftp://secret@events.example.com",
            "https://secret@events example.com",
            "https://events.example.com/#secret",
            "https://a:secret@b@events.example.com",
            "file:secret.jsonl",
            "file:/secret/",
            "file:/a b",
            "secret")) {
      assertThatThrownBy(() -> check(Map.of("GLIMPSE_EVENTS", address)))
          .as(address)
          .hasMessage(
              "GLIMPSE_EVENTS must be an address such as https://events.example.com/predictions or"
                  + " file:/var/log/predictions.jsonl, with %XX for special characters.");
    }
  }

  @Test
  void eventsMayGoToAddressesAndFiles() {
    for (String address :
        List.of(
            "http://broker-ingress.knative-eventing.svc.cluster.local/shop/default",
            "https://user:p%40ss@events.example.com:8443/a/b?c=d&e",
            "http://[fd00::1]:8080",
            "http://localhost?x",
            "file:/var/log/predictions.jsonl",
            "file:///var/log/pre%20dictions.jsonl")) {
      check(Map.of("GLIMPSE_EVENTS", address));
    }
  }

  @Test
  void aWrongHeaderForEventsIsNotShown() {
    for (String header : List.of("secret", "Bearer", "Bearer  secret", "Bearer ä")) {
      assertThatThrownBy(() -> check(Map.of("GLIMPSE_EVENTS_AUTHORIZATION", header)))
          .as(header)
          .hasMessage(
              "GLIMPSE_EVENTS_AUTHORIZATION must be a scheme, a space and visible ASCII characters,"
                  + " such as Bearer ….");
    }
  }

  @Test
  void everySettingIsInTheTable() {
    assertThat(
            Stream.of(
                    TABLE.stream().map(row -> "GLIMPSE_" + row.variable),
                    Stream.of(
                        "GLIMPSE_ADMIN_TOKEN",
                        "GLIMPSE_OTLP_ENDPOINT",
                        "GLIMPSE_REDIS_URL",
                        "GLIMPSE_EVENTS",
                        "GLIMPSE_EVENTS_AUTHORIZATION",
                        "GLIMPSE_RESULTS_CALLBACK_SECRET"),
                    ANY_TEXT.stream())
                .flatMap(all -> all))
        .containsExactlyInAnyOrderElementsOf(
            Settings.all().stream()
                .map(setting -> setting.variable().replace("<MODEL>", "FLOWERS"))
                .collect(Collectors.toSet()));
  }

  private static void check(Map<String, String> environment) {
    new SmallRyeConfigBuilder()
        .addDefaultInterceptors()
        .withSources(new EnvConfigSource(environment, 300))
        .withSources(new SettingsCheck(environment))
        .build();
  }
}
