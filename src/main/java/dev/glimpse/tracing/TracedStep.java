package dev.glimpse.tracing;

import org.jspecify.annotations.Nullable;

/** A step of a request that other services take part in. */
public interface TracedStep {

  /** Returns what the other services get; null if the request has no trace. */
  default @Nullable TraceContext context() {
    return null;
  }

  /**
   * Ends the step. Call it once.
   *
   * @param failure null if there was none
   */
  default void end(@Nullable Throwable failure) {}
}
