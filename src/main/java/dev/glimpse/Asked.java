package dev.glimpse;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.metrics.ServingMetrics;
import jakarta.validation.ConstraintViolationException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** A request as it is counted: once, by the model it turned out to be for and how it ended. */
final class Asked {

  private final ServingMetrics metrics;

  /** Written by the worker, read by whoever ends the request. */
  private volatile String model = ServingMetrics.NO_MODEL;

  Asked(ServingMetrics metrics) {
    this.metrics = metrics;
  }

  void of(String name) {
    model = name;
  }

  /** To be called once. */
  void ended(@Nullable Throwable failure) {
    metrics.requestEnded(model, outcome(failure));
  }

  private static String outcome(@Nullable Throwable failure) {
    if (failure == null) {
      return ServingMetrics.OK;
    }
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof ServingException refused) {
      return refused.failure().code();
    }
    return cause instanceof ConstraintViolationException
        ? Failure.INVALID_PARAMETER.code()
        : Failure.INTERNAL.code();
  }
}
