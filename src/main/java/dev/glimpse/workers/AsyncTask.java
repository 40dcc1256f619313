package dev.glimpse.workers;

import java.util.concurrent.CompletionStage;

/** Work that a worker begins, and that may end later, elsewhere. */
@FunctionalInterface
public interface AsyncTask<T> {

  /**
   * Does what there is to do now.
   *
   * @param permit tells, between two steps, whether the next is still wanted
   * @param waited nanoseconds in the queue
   * @return what comes of it, now or later; the place is taken until then, the worker is not
   */
  CompletionStage<T> run(Permit permit, long waited);
}
