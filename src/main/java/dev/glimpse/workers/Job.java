package dev.glimpse.workers;

import dev.glimpse.failure.ServingException;

/** A unit of work that a worker runs without interruption. */
public interface Job extends Runnable {

  /** Returns for how long a worker has been running it, in nanoseconds. */
  long age();

  /**
   * Fails it, because the workers have stopped before they got to it.
   *
   * @param why what its callers receive
   */
  void abandon(ServingException why);
}
