package dev.glimpse.api.results;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Bounds how many jobs wait to be kept, such as by a slow disk: they hold no slot of the queue, so
 * that other requests are served meanwhile. For many threads at once.
 */
final class PendingAdds {

  static final int MAX = 8;

  private static final int RETRY_SECONDS = 5;

  private final Semaphore free = new Semaphore(MAX);

  /**
   * Starts to keep a job.
   *
   * @throws ServingException OVERLOADED if too many wait already
   */
  <T> CompletionStage<T> start(Supplier<CompletionStage<T>> add) {
    if (!free.tryAcquire()) {
      throw new ServingException(
          Failure.OVERLOADED,
          "Jobs are not kept as fast as they come; try again later.",
          RETRY_SECONDS);
    }
    try {
      return add.get().whenComplete((kept, failure) -> free.release());
    } catch (RuntimeException e) {
      free.release();
      throw e;
    }
  }
}
