package dev.glimpse.tracing;

import static dev.glimpse.support.Polling.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.metrics.Timing;
import dev.glimpse.support.Configs;
import dev.glimpse.support.OtlpReceiver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The spans that a receiver gets of requests. */
@Timeout(30)
class SpanExportTest {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String CALLER = "b7ad6b7169203331";
  private static final String HEADER = "00-" + TRACE + "-" + CALLER + "-01";

  private OtlpReceiver receiver;
  private Tracing tracing;

  @BeforeEach
  void start() throws Exception {
    receiver = new OtlpReceiver();
  }

  @AfterEach
  void stop() {
    receiver.close();
  }

  @Test
  void requestIsAChildOfItsCallerAndItsStepsAreItsChildren() {
    RequestTrace trace = begin(Map.of(), HEADER);
    trace.modelChosen("flowers", "2");
    trace.worked(new Timing(9_000, 20_000, 3_000, 40_000, 90_000), 4_000);
    trace.end(200, "/predict");
    Map<String, Span> spans = spans();

    assertThat(spans)
        .containsOnlyKeys(
            "POST /predict", "queue", "decode", "preprocess", "batch wait", "inference");
    Span request = spans.get("POST /predict");
    assertThat(OtlpReceiver.hex(request.getTraceId())).isEqualTo(TRACE);
    assertThat(OtlpReceiver.hex(request.getParentSpanId())).isEqualTo(CALLER);
    assertThat(request.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
    assertThat(request.getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_UNSET);
    assertThat(OtlpReceiver.attributes(request))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "http.request.method", "POST",
                "url.path", "/predict",
                "url.scheme", "http",
                "http.route", "/predict",
                "http.response.status_code", "200",
                "glimpse.request.id", "id-1",
                "glimpse.model.name", "flowers",
                "glimpse.model.version", "2"));
    spans.forEach((name, span) -> {
      if (span != request) {
        assertThat(span.getParentSpanId()).as(name).isEqualTo(request.getSpanId());
        assertThat(OtlpReceiver.hex(span.getTraceId())).isEqualTo(TRACE);
        assertThat(OtlpReceiver.attributes(span)).containsEntry("glimpse.model.name", "flowers");
      }
    });
    assertThat(nanos(spans, "queue")).isEqualTo(5_000);
    assertThat(nanos(spans, "batch wait")).isEqualTo(4_000);
    assertThat(nanos(spans, "inference")).isEqualTo(40_000);
    assertThat(spans.get("decode").getEndTimeUnixNano())
        .isEqualTo(spans.get("preprocess").getStartTimeUnixNano());
    assertThat(spans.get("preprocess").getEndTimeUnixNano())
        .isEqualTo(spans.get("batch wait").getStartTimeUnixNano());
    assertThat(receiver.resource())
        .containsEntry("service.name", "glimpse")
        .containsEntry("telemetry.sdk.language", "java")
        .containsKey("service.version");
  }

  @Test
  void failureIsMarked() {
    RequestTrace trace = begin(Map.of(), null);
    trace.failed("internal");
    trace.end(500, null);
    Span request = spans().get("POST");

    assertThat(request.getParentSpanId().isEmpty()).isTrue();
    assertThat(request.getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_ERROR);
    assertThat(OtlpReceiver.attributes(request))
        .containsEntry("error.type", "internal")
        .containsEntry("http.response.status_code", "500");
  }

  /** By the conventions, a client's mistake is no error of the server's span. */
  @Test
  void clientsMistakeIsNoError() {
    RequestTrace trace = begin(Map.of(), null);
    trace.failed("unreadable-image");
    trace.end(422, "/predict");
    Span request = spans().get("POST /predict");

    assertThat(request.getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_UNSET);
    assertThat(OtlpReceiver.attributes(request)).containsEntry("error.type", "unreadable-image");
  }

  @Test
  void clientThatHasGoneGotNoStatus() {
    RequestTrace trace = begin(Map.of(), null);
    trace.failed("client-gone");
    trace.end(499, "/predict");

    assertThat(OtlpReceiver.attributes(spans().get("POST /predict")))
        .containsEntry("error.type", "client-gone")
        .doesNotContainKey("http.response.status_code");
  }

  /** What is fetched for a request gets the id of the step as its parent. */
  @Test
  void fetchIsAStepThatIsSentOn() {
    RequestTrace trace = begin(Map.of(), HEADER);
    TracedStep step = trace.begin("fetch");
    TraceContext sent = step.context();
    step.end(new java.io.IOException());
    trace.end(504, "/predict");
    Map<String, Span> spans = spans();

    assertThat(sent).isNotNull();
    assertThat(sent.traceId()).isEqualTo(TRACE);
    assertThat(sent.spanId()).isEqualTo(OtlpReceiver.hex(spans.get("fetch").getSpanId()));
    assertThat(spans.get("fetch").getParentSpanId())
        .isEqualTo(spans.get("POST /predict").getSpanId());
    assertThat(spans.get("fetch").getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_ERROR);
  }

  @Test
  void callersDecisionNotToSampleIsKept() {
    RequestTrace trace = begin(Map.of(), "00-" + TRACE + "-" + CALLER + "-00");
    trace.worked(new Timing(1, 1, 1, 1, 4), 0);
    trace.end(200, "/predict");
    tracing.close(new io.quarkus.runtime.ShutdownEvent());

    assertThat(trace.context()).isNotNull();
    assertThat(trace.context().traceparent()).startsWith("00-" + TRACE).endsWith("-00");
    assertThat(receiver.spans()).isEmpty();
  }

  @Test
  void standardSettingsApply() {
    RequestTrace trace =
        begin(
            Map.of(
                "otel.service.name", "eyes",
                "otel.resource.attributes", "deployment.environment.name=test,a=b%20c,broken",
                "otel.exporter.otlp.headers", "authorization=Bearer%20x"),
            null);
    trace.end(200, "/predict");
    spans();

    assertThat(receiver.resource())
        .containsEntry("service.name", "eyes")
        .containsEntry("deployment.environment.name", "test")
        .containsEntry("a", "b c");
    assertThat(receiver.headers().get(0)).containsEntry("authorization", List.of("Bearer x"));
  }

  @Test
  void samplerOfTheSettingsApplies() {
    RequestTrace trace = begin(Map.of("otel.traces.sampler", "always_off"), HEADER);
    trace.end(200, "/predict");
    tracing.close(new io.quarkus.runtime.ShutdownEvent());

    assertThat(receiver.spans()).isEmpty();
  }

  private RequestTrace begin(Map<String, String> standard, @Nullable String traceparent) {
    Optional<OtlpSettings> settings =
        OtlpSettings.read(
            Configs.of(Map.of("glimpse.otlp.endpoint", receiver.endpoint())).otlp(),
            name -> Optional.ofNullable(standard.get(name)));
    tracing = new Tracing(settings, new SimpleMeterRegistry());
    return tracing.begin(
        new Arrival("POST", "/predict", false, "id-1"), traceparent, List.of(), true);
  }

  /** Returns the spans by name, once the request's own has arrived, which ends last. */
  private Map<String, Span> spans() {
    tracing.close(new io.quarkus.runtime.ShutdownEvent());
    await().until(() -> receiver.spans().stream().anyMatch(s -> s.getName().startsWith("POST")));
    Map<String, Span> spans = new HashMap<>();
    receiver.spans().forEach(span -> spans.put(span.getName(), span));
    return spans;
  }

  private static long nanos(Map<String, Span> spans, String name) {
    Span span = spans.get(name);
    return span.getEndTimeUnixNano() - span.getStartTimeUnixNano();
  }
}
