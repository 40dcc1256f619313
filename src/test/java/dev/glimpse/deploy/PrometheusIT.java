package dev.glimpse.deploy;

import static dev.glimpse.support.Polling.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.glimpse.deploy.Dashboard.Query;
import dev.glimpse.docs.DocumentedCommand;
import dev.glimpse.support.Command;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.RealPrometheus;
import dev.glimpse.support.Service;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The packaged application under all kinds of traffic, scraped by a real Prometheus. */
@Timeout(300)
class PrometheusIT {

  /** Longer than two scrapes, which a rate needs. */
  private static final String INTERVAL = "5s";

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Meters of what may not be installed, or of what this test does not switch on. */
  private static final Pattern OPTIONAL =
      Pattern.compile("glimpse_(redis|cache_redis|cache_evictions|otlp|events)_\\w+");

  private static final Pattern OURS = Pattern.compile("\\bglimpse_\\w+");

  /** Names of the platform's, which it chooses, and dashboards know. */
  private static final Set<String> ODD_NAMES =
      Set.of(
          "process_cpu_time_ns_total",
          "system_cpu_count",
          "http_server_connections_seconds_active_count",
          "http_server_connections_seconds_duration_sum");

  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `(glimpse_\\w+)` \\| (\\w+) \\| (.*?) \\| (.*) \\|$");

  private static final Pattern SUFFIX = Pattern.compile("_(total|bucket|sum|count)$");

  @TempDir private static Path folder;

  private static MonitoredService service;
  private static RealPrometheus prometheus;

  @BeforeAll
  static void start() throws Exception {
    service = new MonitoredService(Files.createDirectory(folder.resolve("models")));
    if (RealPrometheus.isInstalled()) {
      prometheus =
          RealPrometheus.start(Files.createDirectory(folder.resolve("prometheus")), service.port());
    }
  }

  @AfterAll
  static void stop() throws Exception {
    if (prometheus != null) {
      prometheus.close();
    }
    if (service != null) {
      service.close();
    }
  }

  @Test
  void everyPanelOfTheDashboardShowsSomething() throws Exception {
    RealPrometheus.require();
    Set<String> absent = absent();
    List<Query> empty = new ArrayList<>(Dashboard.queries());
    empty.removeIf(query ->
        OURS.matcher(query.expression())
            .results()
            .allMatch(name -> absent.contains(base(name.group()))));
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!empty.isEmpty() && System.nanoTime() < end) {
      for (Query query : List.copyOf(empty)) {
        if (hasNumbers(prometheus.query(query.of(".*", INTERVAL)))) {
          empty.remove(query);
        }
      }
    }

    assertThat(empty).isEmpty();
  }

  private static boolean hasNumbers(JsonNode results) {
    for (JsonNode result : results) {
      if (!result.path("value").path(1).asText("NaN").equals("NaN")) {
        return true;
      }
    }
    return false;
  }

  @Test
  void everyMetricOfTheRulesExists() throws Exception {
    Set<String> known = new TreeSet<>();
    families().keySet().forEach(name -> known.add(base(name)));
    known.addAll(optional());
    Set<String> used =
        AlertRules.all().stream()
            .flatMap(rule -> OURS.matcher(rule.path("expr").asText()).results())
            .map(MatchResult::group)
            .map(PrometheusIT::base)
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(used).hasSizeGreaterThan(10);
    assertThat(known).containsAll(used);
  }

  @Test
  void promtoolFindsNothingInTheMetrics() throws Exception {
    RealPrometheus.require();
    Path scrape = Files.writeString(folder.resolve("scrape.txt"), service.metrics());
    String said = Command.run("sh", "-c", "promtool check metrics < '%s'".formatted(scrape));

    assertThat(said.lines())
        .filteredOn(line -> !line.endsWith("ended with status 3"))
        .filteredOn(line -> ODD_NAMES.stream().noneMatch(odd -> line.startsWith(odd + " ")))
        .isEmpty();
  }

  @Test
  void commandsOfTheRunbookShowSomething() throws Exception {
    List<DocumentedCommand> commands = DocumentedCommand.of(Path.of("docs/runbook.md"));
    assertThat(commands).isNotEmpty();
    for (DocumentedCommand command : commands) {
      String here =
          command
              .text()
              .replace("localhost:8080", "localhost:" + service.port())
              .replaceFirst("^curl -s ", "curl -s --fail "); // or a 404 would do
      assertThat(Command.run("sh", "-c", here))
          .as(here)
          .isNotBlank()
          .doesNotContain("ended with status");
    }
  }

  /** The receiver of spans is away, which does not matter. */
  @Test
  void exemplarsNameTheTraceOfARequest(@TempDir Path data) throws Exception {
    RealPrometheus.require();
    String trace = "0af7651916cd43dd8448eb211c80319c";
    try (Service traced =
            Service.start(
                Map.of(
                    "glimpse.models.path", "src/test/resources/models",
                    "glimpse.models.default", "colors",
                    "glimpse.otlp.endpoint", "http://127.0.0.1:9"));
        RealPrometheus scraper = RealPrometheus.start(data, traced.port())) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://localhost:%d/predict".formatted(traced.port())))
              .header("Content-Type", "image/jpeg")
              .header("traceparent", "00-" + trace + "-b7ad6b7169203331-01")
              .POST(BodyPublishers.ofByteArray(Fixtures.image("red.jpg")))
              .build();
      assertThat(HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode())
          .isEqualTo(200);
      for (String step : List.of("queue", "decode", "preprocess", "inference", "request")) {
        String series = "glimpse_" + step + "_seconds_bucket";
        await().until(() -> scraper.exemplars(series).findValuesAsText("trace_id").contains(trace));
      }
    }
  }

  @Test
  void indexSaysWhyAVersionCannotBeLoaded() throws Exception {
    assertThat(service.metrics()).contains("glimpse_models_unservable 1.0");
    assertThat(Command.run("curl", "-s", "-X", "POST", service.url("/v2/repository/index")))
        .contains("\"UNAVAILABLE\"", "config.json");
  }

  /** Rows of what is not there cannot be wrong here; they are the optional ones. */
  @Test
  void tableOfMetersIsWhatTheServiceHas() throws Exception {
    String text = Files.readString(Path.of("docs/metrics.md"));
    Map<String, String> rows = new TreeMap<>();
    ROW.matcher(text).results().forEach(row -> rows.put(row.group(1), row.group()));
    Map<String, String> expected = new TreeMap<>();
    families().forEach((name, family) -> expected.put(name, family.row(name)));
    for (String name : rows.keySet()) {
      if (OPTIONAL.matcher(name).matches()) {
        expected.putIfAbsent(name, rows.get(name));
      }
    }

    assertThat(rows).hasSizeGreaterThan(30).isEqualTo(expected);
  }

  /** What the service has of a name. */
  private record Family(String type, String help, Set<String> tags) {

    String row(String name) {
      String shown = tags.stream().map(tag -> "`" + tag + "`").collect(Collectors.joining(", "));
      return "| `%s` | %s | %s | %s |".formatted(name, type, shown, help);
    }
  }

  /** Leaves out the gauges of maxima, which each histogram has. */
  private static Map<String, Family> families() throws Exception {
    List<String> lines = service.metrics().lines().toList();
    Map<String, String> types = comments(lines, "# TYPE ");
    Map<String, String> helps = comments(lines, "# HELP ");
    Map<String, Family> families = new TreeMap<>();
    types.forEach((name, type) -> {
      if (name.startsWith("glimpse_") && !name.endsWith("_max")) {
        families.put(name, new Family(type, helps.get(name), tags(lines, base(name))));
      }
    });
    return families;
  }

  private static Map<String, String> comments(List<String> lines, String kind) {
    return lines.stream()
        .filter(line -> line.startsWith(kind))
        .map(line -> line.substring(kind.length()).split(" ", 2))
        .collect(Collectors.toMap(words -> words[0], words -> words[1]));
  }

  private static Set<String> tags(List<String> lines, String base) {
    Pattern tag = Pattern.compile("(\\w+)=\"");
    Set<String> tags = new TreeSet<>();
    lines.stream()
        .filter(line -> line.matches(base + "(_total|_bucket|_count)?[{ ].*"))
        .forEach(line -> tag.matcher(line).results().forEach(one -> tags.add(one.group(1))));
    tags.remove("le");
    tags.remove("commit"); // which a build may not know
    return tags;
  }

  /** The optional meters that this service does not have. */
  private static Set<String> absent() throws Exception {
    Set<String> present =
        families().keySet().stream().map(PrometheusIT::base).collect(Collectors.toSet());
    Set<String> absent = new HashSet<>(optional());
    absent.removeAll(present);
    return absent;
  }

  private static Set<String> optional() {
    return Stream.concat(
            Dashboard.queries().stream().map(Query::expression),
            AlertRules.all().stream().map(rule -> rule.path("expr").asText()))
        .flatMap(expression -> OPTIONAL.matcher(expression).results())
        .map(MatchResult::group)
        .map(PrometheusIT::base)
        .collect(Collectors.toSet());
  }

  /** Leaves out what a format adds to a meter's name. */
  private static String base(String name) {
    return SUFFIX.matcher(name).replaceFirst("");
  }
}
