package dev.glimpse.tracing;

import dev.glimpse.metrics.BuildInfo;
import dev.glimpse.metrics.SpanMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanLimits;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the spans of requests, and exports them: the SDK of OpenTelemetry, put together. */
final class SpanExport {

  private static final int QUEUE = 2048;
  private static final int BATCH = 512;
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final int LONGEST_VALUE = 256;

  private final SpanQueue queue;
  private final Tracer tracer;

  private SpanExport(SpanQueue queue, Tracer tracer) {
    this.queue = queue;
    this.tracer = tracer;
  }

  static SpanExport to(OtlpSettings settings, MeterRegistry registry) {
    OtlpHttpSpanExporterBuilder exporter =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(settings.url())
            .setTimeout(settings.timeout())
            .setConnectTimeout(settings.timeout())
            .setCompression(settings.gzip() ? "gzip" : "none");
    settings.headers().forEach(exporter::addHeader);
    settings.tls().apply(exporter);
    SpanQueue queue =
        new SpanQueue(
            exporter.build(),
            new SpanQueue.Limits(QUEUE, BATCH, PAUSE, settings.timeout().plusSeconds(1)),
            settings.receiver(),
            new SpanMetrics(registry));
    SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .setResource(resource(settings))
            .setSampler(settings.sampling().sampler())
            .setSpanLimits(SpanLimits.builder().setMaxAttributeValueLength(LONGEST_VALUE).build())
            .addSpanProcessor(queue)
            .build();
    return new SpanExport(queue, provider.get("dev.glimpse"));
  }

  private static Resource resource(OtlpSettings settings) {
    AttributesBuilder attributes = Attributes.builder();
    attributes.put("service.version", BuildInfo.read().version());
    settings.resource().forEach((name, value) -> attributes.put(name, value));
    return Resource.getDefault().merge(Resource.create(attributes.build()));
  }

  RequestTrace begin(Arrival request, @Nullable String traceparent, List<String> tracestate) {
    Context parent = Context.root();
    if (traceparent != null) {
      SpanContext caller = W3cHeaders.read(traceparent, tracestate);
      parent = caller.isValid() ? parent.with(Span.wrap(caller)) : parent;
    }
    Span span =
        tracer
            .spanBuilder(request.method())
            .setParent(parent)
            .setSpanKind(SpanKind.SERVER)
            .setAttribute("http.request.method", request.method())
            .setAttribute("url.path", request.path())
            .setAttribute("url.scheme", request.secure() ? "https" : "http")
            .setAttribute("glimpse.request.id", request.id())
            .startSpan();
    return new ExportedTrace(tracer, span, request.method());
  }

  void close(Duration longest) {
    queue.close(longest);
  }
}
