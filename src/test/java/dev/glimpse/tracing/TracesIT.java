package dev.glimpse.tracing;

import static dev.glimpse.support.Polling.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Fixtures;
import dev.glimpse.support.OtlpReceiver;
import dev.glimpse.support.SelfSigned;
import dev.glimpse.support.Service;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged service exports spans; whatever becomes of their receiver, requests are answered.
 */
@Tag("repeated")
@Timeout(120)
class TracesIT {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String CALLER = "b7ad6b7169203331";

  /** What the queue holds; package tracing has the same figure. */
  private static final int QUEUE = 2048;

  private OtlpReceiver receiver;
  private Service service;

  @BeforeEach
  void start() throws Exception {
    receiver = new OtlpReceiver();
    service =
        Service.start(
            Map.of(
                "glimpse.models.path", "src/test/resources/models",
                "glimpse.otlp.endpoint", receiver.endpoint(),
                "glimpse.drain.quiet", "0s",
                "otel.service.name", "flowers-service",
                "otel.exporter.otlp.timeout", "1000"));
  }

  @AfterEach
  void stop() {
    service.close();
    receiver.close();
  }

  @Test
  void spansOfARequestAreExportedAtTheEndAtTheLatest() throws Exception {
    assertThat(predict("traceparent", "00-" + TRACE + "-" + CALLER + "-01")).isEqualTo(200);
    assertThat(get("/q/health/ready").statusCode()).isEqualTo(200);
    assertThat(get("/health").statusCode()).isEqualTo(200);
    service.terminate();
    assertThat(service.ended(20)).isTrue();

    List<Span> spans = receiver.spans();
    assertThat(spans.stream().map(Span::getName))
        .containsExactlyInAnyOrder("POST /predict", "queue", "decode", "preprocess", "inference");
    Span request = named(spans, "POST /predict");
    assertThat(OtlpReceiver.hex(request.getParentSpanId())).isEqualTo(CALLER);
    assertThat(OtlpReceiver.attributes(request))
        .containsEntry("glimpse.model.name", "colors")
        .containsEntry("http.response.status_code", "200");
    assertThat(spans)
        .allSatisfy(span -> assertThat(OtlpReceiver.hex(span.getTraceId())).isEqualTo(TRACE));
    assertThat(spans.stream().filter(span -> span != request))
        .allSatisfy(span -> assertThat(span.getParentSpanId()).isEqualTo(request.getSpanId()))
        .allSatisfy(span ->
            assertThat(span.getStartTimeUnixNano())
                .isGreaterThanOrEqualTo(request.getStartTimeUnixNano()));
    assertThat(receiver.resource()).containsEntry("service.name", "flowers-service");
  }

  /** By the variables of OpenTelemetry alone, as an operator's platform may set them. */
  @Test
  void spansAreExportedByTlsAndCompressed(@TempDir Path folder) throws Exception {
    SelfSigned.writePem(folder, "localhost");
    try (OtlpReceiver secure =
            OtlpReceiver.withTls(
                SelfSigned.keyManagers(folder.resolve("own.p12"), "changeit"),
                SelfSigned.trustManagers(folder.resolve("trusted.p12"), "changeit"));
        Service exporting =
            Service.start(
                Map.of(
                    "glimpse.models.path", "src/test/resources/models",
                    "otel.exporter.otlp.endpoint", secure.endpoint(),
                    "otel.exporter.otlp.headers", "api-key=sesame",
                    "otel.exporter.otlp.compression", "gzip",
                    "otel.exporter.otlp.certificate", folder.resolve("tls.crt").toString(),
                    "otel.exporter.otlp.client.certificate", folder.resolve("tls.crt").toString(),
                    "otel.exporter.otlp.client.key", folder.resolve("tls.key").toString()))) {
      assertThat(exporting.status("/models")).isEqualTo(200);
      await().until(() -> !secure.spans().isEmpty());

      assertThat(secure.spans().get(0).getName()).isEqualTo("GET /models");
      assertThat(secure.headers().get(0))
          .containsEntry("content-encoding", List.of("gzip"))
          .containsEntry("api-key", List.of("sesame"));
      assertThat(exporting.log()).doesNotContain("WARN", "sesame");
    }
  }

  /** Under load the receiver hangs, is killed, answers 500, and is back. */
  @Test
  void noRequestFailsOrWaitsWhateverTheReceiverDoes() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    ExecutorService clients = Executors.newFixedThreadPool(4);
    List<Future<Boolean>> load =
        IntStream.range(0, 4)
            .mapToObj(i ->
                clients.submit(() -> {
                  boolean well = true;
                  while (!over.get()) {
                    well &= predict("x-load", "yes") == 200;
                  }
                  return well;
                }))
            .toList();
    await().until(() -> receiver.spans().size() > 100);
    long before = outages(); // a busy machine may have been too slow for the first ones
    receiver.hang();
    await().until(() -> outages() == before + 1);
    int port = receiver.port();
    receiver.close();
    receiver = new OtlpReceiver(port, 500);
    await().until(() -> receiver.refused() > 1);
    assertThat(meter("glimpse_otlp_spans_dropped_total")).isPositive();
    assertThat(meter("glimpse_otlp_spans_waiting")).isLessThanOrEqualTo(QUEUE);
    receiver.answer(200);
    await().until(() -> !receiver.spans().isEmpty());
    await().until(() -> lines("INFO", "again; ") == before + 1);

    over.set(true);
    for (Future<Boolean> client : load) {
      assertThat(client.get()).as("every prediction was answered with 200").isTrue();
    }
    clients.shutdown();
    assertThat(outages()).as("one line for all of it").isEqualTo(before + 1);
    assertThat(meter("glimpse_otlp_spans_exported_total")).isPositive();
    assertThat(service.log()).doesNotContain("io.opentelemetry", "Exception in thread");
  }

  private static Span named(List<Span> spans, String name) {
    return spans.stream().filter(span -> span.getName().equals(name)).findFirst().orElseThrow();
  }

  private long lines(String level, String part) throws IOException {
    return service
        .log()
        .lines()
        .filter(line -> line.contains(level) && line.contains(part))
        .count();
  }

  private long outages() throws IOException {
    return lines("WARN", "Spans are not exported");
  }

  /** Returns the sum of a meter over its tags. */
  private double meter(String name) throws Exception {
    Stream<String> lines = get("/q/metrics").body().lines();
    return lines
        .filter(line -> line.startsWith(name))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private int predict(String header, String value) throws Exception {
    return CLIENT
        .send(
            request("/predict?model=colors")
                .header("Content-Type", "image/jpeg")
                .header(header, value)
                .POST(HttpRequest.BodyPublishers.ofByteArray(Fixtures.image("red.jpg")))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .statusCode();
  }

  private HttpResponse<String> get(String path) throws Exception {
    return CLIENT.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + service.port() + path));
  }
}
