package dev.glimpse.pipeline;

import dev.glimpse.failure.AsyncFailures;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.model.Model;
import jakarta.validation.ConstraintViolationException;
import org.jspecify.annotations.Nullable;

/**
 * A request as it is counted: once, by the model and version it turned out to be for and how it
 * ended.
 */
public final class RequestContext {

  private final ServingMetrics metrics;
  private final String id;

  /** Written by the worker, read by whoever ends the request. */
  private volatile @Nullable Model model;

  /**
   * Nobody knows yet what it is for.
   *
   * @param id the request's
   */
  public RequestContext(ServingMetrics metrics, String id) {
    this.metrics = metrics;
    this.id = id;
  }

  public String id() {
    return id;
  }

  public void of(Model asked) {
    model = asked;
  }

  /** To be called once. */
  public void ended(@Nullable Throwable failure) {
    Model asked = model;
    String none = ServingMetrics.NO_MODEL;
    metrics.requestEnded(
        asked == null ? none : asked.name(),
        asked == null ? none : asked.versionName(),
        outcome(failure));
  }

  private static String outcome(@Nullable Throwable failure) {
    if (failure == null) {
      return ServingMetrics.OK;
    }
    Throwable cause = AsyncFailures.cause(failure);
    if (cause instanceof ServingException refused) {
      return refused.failure().code();
    }
    return cause instanceof ConstraintViolationException
        ? Failure.INVALID_PARAMETER.code()
        : Failure.INTERNAL.code();
  }
}
