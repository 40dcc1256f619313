package dev.glimpse.workers;

import dev.glimpse.failure.ServingException;

/** What a worker runs without interruption: a request's task, the rest of one, or a batch. */
public interface WorkerTask extends Runnable {

  /** Returns for how long a worker has been running it, in nanoseconds. */
  long age();

  /**
   * Fails it, because the workers have stopped before they got to it.
   *
   * @param why what its callers receive
   */
  void abandon(ServingException why);
}
