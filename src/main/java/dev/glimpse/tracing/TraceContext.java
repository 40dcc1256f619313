package dev.glimpse.tracing;

import dev.glimpse.metrics.LogContext;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/**
 * Identifies a place in a trace, as the <a href="https://www.w3.org/TR/trace-context/">W3C</a> has
 * it: what is sent on, and what lines of the log and exemplars name. Immutable.
 *
 * @param traceId 32 hexadecimal digits
 * @param spanId 16 hexadecimal digits
 * @param sampled whether its spans are recorded
 * @param traceparent the header of that name
 * @param tracestate the header of that name; empty if there is none
 */
public record TraceContext(
    String traceId, String spanId, boolean sampled, String traceparent, String tracestate) {

  /** The header that names the trace and the caller's span; CloudEvents' extension, too. */
  public static final String TRACEPARENT = "traceparent";

  /** The header with what systems of tracing add. */
  public static final String TRACESTATE = "tracestate";

  /** The key in the log context whose text is the trace's id. */
  public static final String TRACE_KEY = "trace_id";

  /** The key in the log context of the span's id. */
  public static final String SPAN_KEY = "span_id";

  /**
   * Returns the context of the request that the calling thread works for: on its event loop, on
   * workers, and wherever its log context is.
   *
   * @return null if the request has none
   */
  public static @Nullable TraceContext current() {
    return MDC.get(TRACE_KEY) instanceof TraceContext context ? context : null;
  }

  /** Adds the context to the calling thread's log context. */
  public void log() {
    logFields().forEach(MDC::put);
  }

  /** Does something within this context: what it sends carries it, and what it logs names it. */
  public <T> T call(Supplier<T> action) {
    return LogContext.of(logFields()).call(action);
  }

  /** Returns the entries of the log context. */
  public Map<String, Object> logFields() {
    return Map.of(TRACE_KEY, this, SPAN_KEY, spanId);
  }

  /**
   * Writes the headers of an outgoing request.
   *
   * @param headers receives each header's name and value
   */
  public void write(BiConsumer<String, String> headers) {
    headers.accept(TRACEPARENT, traceparent);
    if (!tracestate.isEmpty()) {
      headers.accept(TRACESTATE, tracestate);
    }
  }

  /** Returns the trace's id, as the log shows it. */
  @Override
  public String toString() {
    return traceId;
  }
}
