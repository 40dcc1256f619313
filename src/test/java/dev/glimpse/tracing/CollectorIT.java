package dev.glimpse.tracing;

import static dev.glimpse.support.Polling.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.glimpse.support.DocumentedYaml;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.Service;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real OpenTelemetry Collector takes the service's spans, and reads its log. */
@Tag("clients")
@Timeout(900) // compiles it
class CollectorIT {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String CALLER = "b7ad6b7169203331";

  @TempDir Path folder;

  /** Under load it is killed, and is back after a while. */
  @Test
  void spansArriveAndNoRequestFailsWhileItIsAway() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger answered = new AtomicInteger();
    try (Collector collector = new Collector(folder, "", "");
        Service service =
            Service.start(
                Map.of(
                    "glimpse.models.path", "src/test/resources/models",
                    "glimpse.otlp.endpoint", collector.endpoint(),
                    "otel.exporter.otlp.compression", "gzip"))) {
      CompletableFuture<Boolean> load =
          CompletableFuture.supplyAsync(() -> {
            boolean well = true;
            while (!over.get()) {
              well &= predict(service, Fixtures.image("red.jpg")) == 200;
              answered.incrementAndGet();
            }
            return well;
          });
      await().until(() -> !collector.spans().isEmpty());
      assertThat(collector.spans().stream().map(span -> span.path("name").asText()))
          .contains("POST /predict", "decode", "preprocess", "inference");
      assertThat(collector.spans())
          .allSatisfy(span -> assertThat(span.path("traceId").asText()).isEqualTo(TRACE))
          .filteredOn(span -> span.path("name").asText().equals("POST /predict"))
          .allSatisfy(span -> assertThat(span.path("parentSpanId").asText()).isEqualTo(CALLER));

      collector.kill();
      int before = answered.get();
      await().until(() -> service.log().contains("Spans are not exported"));
      await().until(() -> answered.get() > before + 20);
      int spans = collector.spans().size();
      collector.start();
      await().until(() -> collector.spans().size() > spans);

      over.set(true);
      assertThat(load.get()).as("every prediction was answered with 200").isTrue();
    }
  }

  /** By the settings in docs/logs-and-traces.md, from a file as Kubernetes writes it. */
  @Test
  void linesOfTheLogKeepWhatTheySay() throws Exception {
    String settings = DocumentedYaml.block("docs/logs-and-traces.md", "receivers");
    String pods = "/var/log/pods";
    assertThat(settings).contains(pods, "start_at: end");
    Path log =
        folder.resolve("shop_glimpse-7d9c_2f1c1a3e-0000-4000-8000-000000000000/glimpse/0.log");
    Files.createDirectories(log.getParent());
    try (Service service =
        Service.start(
            Map.of(
                "glimpse.models.path", "src/test/resources/models",
                "glimpse.log.format", "json"))) {
      assertThat(predict(service, "no image".getBytes(StandardCharsets.UTF_8))).isEqualTo(415);
      await().until(() -> service.log().contains("POST /predict 415"));
      String lines =
          service
              .log()
              .lines()
              .map(line -> Instant.now() + " stdout F " + line)
              .collect(Collectors.joining("\n", "", "\n"));
      Files.writeString(log, lines);
    }
    String receiver =
        settings
            .substring(settings.indexOf('\n') + 1)
            .stripTrailing()
            .stripIndent()
            .replace(pods, folder.toString())
            .replace("start_at: end", "start_at: beginning");
    try (Collector collector =
        new Collector(folder, receiver, "logs: {receivers: [file_log], exporters: [file]}")) {
      await().until(() -> !collector.logRecords().isEmpty());
      List<JsonNode> records = collector.logRecords();

      assertThat(records).hasSameSizeAs(Files.readAllLines(log));
      JsonNode refused =
          records.stream()
              .filter(
                  record -> record.at("/body/stringValue").asText().startsWith("POST /predict 415"))
              .findFirst()
              .orElseThrow();
      assertThat(refused.path("severityText").asText()).isEqualTo("INFO");
      assertThat(refused.path("traceId").asText()).isEqualTo(TRACE);
      assertThat(refused.path("spanId").asText()).isEqualTo(CALLER);
      assertThat(Instant.ofEpochSecond(0, refused.path("timeUnixNano").asLong()))
          .isBetween(Instant.now().minusSeconds(60), Instant.now());
      assertThat(refused.path("attributes").toString())
          .contains("unsupported-media-type", "\"code\"", "\"request_id\"", "\"loggerName\"");
      assertThat(collector.logResources().toString()).contains("glimpse-7d9c", "shop");
    }
  }

  private static int predict(Service service, byte[] body) {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://localhost:" + service.port() + "/predict?model=colors"))
            .header("Content-Type", "image/jpeg")
            .header("traceparent", "00-" + TRACE + "-" + CALLER + "-01")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    return CLIENT
        .sendAsync(request, HttpResponse.BodyHandlers.discarding())
        .thenApply(HttpResponse::statusCode)
        .join();
  }
}
