package dev.glimpse.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads and writes the headers {@code traceparent} and {@code tracestate}. */
final class W3cHeaders {

  /** As many characters as the standard asks to be passed on; a longer one is left out. */
  private static final int LONGEST_STATE = 512;

  private static final class Getter implements TextMapGetter<Map<String, String>> {

    @Override
    public Iterable<String> keys(Map<String, String> headers) {
      return headers.keySet();
    }

    @Override
    public @Nullable String get(@Nullable Map<String, String> headers, String key) {
      return headers == null ? null : headers.get(key);
    }
  }

  private W3cHeaders() {}

  /**
   * Reads a caller's headers.
   *
   * @param state the values of all headers {@code tracestate}, in their order
   * @return invalid if {@code traceparent} is; without a state if that is invalid, or too long
   */
  static SpanContext read(String traceparent, List<String> state) {
    Map<String, String> headers = new HashMap<>();
    headers.put(TraceContext.TRACEPARENT, traceparent);
    String whole = String.join(",", state);
    if (!whole.isEmpty() && whole.length() <= LONGEST_STATE) {
      headers.put(TraceContext.TRACESTATE, whole);
    }
    Context context =
        W3CTraceContextPropagator.getInstance().extract(Context.root(), headers, new Getter());
    return Span.fromContext(context).getSpanContext();
  }

  /** Returns a valid context in the form of the headers. */
  static TraceContext write(SpanContext span) {
    Map<String, String> headers = new HashMap<>();
    W3CTraceContextPropagator.getInstance()
        .inject(
            Context.root().with(Span.wrap(span)),
            headers,
            (map, key, value) -> {
              if (map != null) {
                map.put(key, value);
              }
            });
    return new TraceContext(
        span.getTraceId(),
        span.getSpanId(),
        span.isSampled(),
        headers.getOrDefault(TraceContext.TRACEPARENT, ""),
        headers.getOrDefault(TraceContext.TRACESTATE, ""));
  }
}
