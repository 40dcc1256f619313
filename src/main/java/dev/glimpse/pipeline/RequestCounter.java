package dev.glimpse.pipeline;

import dev.glimpse.failure.AsyncFailures;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.model.Model;
import jakarta.validation.ConstraintViolationException;
import org.jspecify.annotations.Nullable;

/** Counts requests that have ended, by the model and version they were for and by their outcome. */
public final class RequestCounter {

  private final ServingMetrics metrics;

  public RequestCounter(ServingMetrics metrics) {
    this.metrics = metrics;
  }

  /**
   * Counts a request. Call it once for each.
   *
   * @param model null if the request ended before its model was known
   * @param failure null if the request succeeded
   */
  public void count(@Nullable Model model, @Nullable Throwable failure) {
    String none = ServingMetrics.NO_MODEL;
    metrics.requestEnded(
        model == null ? none : model.name(),
        model == null ? none : model.versionName(),
        outcome(failure));
  }

  private static String outcome(@Nullable Throwable failure) {
    if (failure == null) {
      return ServingMetrics.OK;
    }
    Throwable cause = AsyncFailures.cause(failure);
    if (cause instanceof ServingException known) {
      return known.failure().code();
    }
    return cause instanceof ConstraintViolationException
        ? Failure.INVALID_PARAMETER.code()
        : Failure.INTERNAL.code();
  }
}
