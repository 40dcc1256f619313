package dev.glimpse.workers;

import java.util.concurrent.CompletionStage;

/** A task that a worker starts and that may finish later, on another thread. */
@FunctionalInterface
public interface AsyncTask<T> {

  /**
   * Starts the task.
   *
   * @param permit the request's; tells, between two steps, whether the request was cancelled
   * @return the result, now or later; the request's slot is taken until then, the worker is not
   */
  CompletionStage<T> run(Permit permit);
}
