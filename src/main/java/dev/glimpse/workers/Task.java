package dev.glimpse.workers;

import java.util.concurrent.CompletableFuture;

/** A task that a worker starts and finishes. */
@FunctionalInterface
public interface Task<T> {

  /**
   * Runs the task.
   *
   * @param permit the request's; tells, between two steps, whether the request was cancelled
   */
  T run(Permit permit);

  /** Returns the same task as one whose result is there when it returns. */
  default AsyncTask<T> toAsync() {
    return permit -> CompletableFuture.completedFuture(run(permit));
  }
}
