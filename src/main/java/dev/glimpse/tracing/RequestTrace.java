package dev.glimpse.tracing;

import dev.glimpse.metrics.Timing;
import org.jspecify.annotations.Nullable;

/**
 * Follows one request from its arrival to its response. Without an endpoint for spans it only knows
 * its {@link #context}. Thread-safe; the methods do not block.
 */
public interface RequestTrace {

  /** The trace of a request that has none. */
  RequestTrace NONE = new RequestTrace() {};

  /** Returns what is sent on and logged; null if the request has no trace. */
  default @Nullable TraceContext context() {
    return null;
  }

  /** Notes the model. */
  default void modelChosen(String name, String version) {}

  /**
   * Adds a span for each step of an image, or of tensors, that have been through the model just
   * now. Steps that took no time are left out.
   *
   * @param timing its queue includes the wait in a batch
   * @param batchWaitNanos how long it has waited in a batch
   */
  default void worked(Timing timing, long batchWaitNanos) {}

  /**
   * Begins a step that other services take part in.
   *
   * @param name such as {@code fetch}
   */
  default TracedStep begin(String name) {
    return new TracedStep() {
      @Override
      public @Nullable TraceContext context() {
        return RequestTrace.this.context();
      }
    };
  }

  /** Notes why the request failed: the code of its failure. */
  default void failed(String code) {}

  /**
   * Ends the request. Call it once.
   *
   * @param status of the response; 499 if the client had gone
   * @param route the endpoint's path with placeholders; null if it is none
   */
  default void end(int status, @Nullable String route) {}
}
