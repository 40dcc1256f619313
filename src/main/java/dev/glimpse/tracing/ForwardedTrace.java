package dev.glimpse.tracing;

import io.opentelemetry.api.trace.SpanContext;
import java.util.List;

/**
 * Passes a caller's trace on as it came: where no spans are exported, a span of this service would
 * be a gap in the trace.
 *
 * @param context the caller's
 */
record ForwardedTrace(TraceContext context) implements RequestTrace {

  /** Returns the caller's trace; {@link RequestTrace#NONE} if its header is invalid. */
  static RequestTrace of(String traceparent, List<String> tracestate) {
    SpanContext caller = W3cHeaders.read(traceparent, tracestate);
    return caller.isValid() ? new ForwardedTrace(W3cHeaders.write(caller)) : NONE;
  }
}
