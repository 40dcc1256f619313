package dev.glimpse.results;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;

/** Bounds how many jobs a {@link LocalStore} keeps, and how many bytes. Confined to one thread. */
final class JobRoom {

  /** A good time to try again, in seconds, as it is not known when room is made. */
  private static final int RETRY_SECONDS = 10;

  private final int maxJobs;
  private final long maxBytes;
  private long bytes;

  /**
   * Creates it without jobs.
   *
   * @param maxJobs how many jobs are kept, finished ones included
   * @param maxBytes how many bytes their bodies and results may take
   */
  JobRoom(int maxJobs, long maxBytes) {
    this.maxJobs = maxJobs;
    this.maxBytes = maxBytes;
  }

  /**
   * Checks that one more job fits.
   *
   * @param jobs how many there are
   * @param more how many bytes its body has
   * @throws ServingException OVERLOADED if it does not
   */
  void require(int jobs, int more) {
    if (jobs >= maxJobs) {
      throw full("%d jobs are kept already".formatted(maxJobs));
    }
    if (bytes + more > maxBytes) {
      throw full("The jobs that are kept leave no room for %d bytes".formatted(more));
    }
  }

  /** Counts bytes that are kept, or, below 0, are not any more. */
  void change(long by) {
    bytes += by;
  }

  /** Refuses a job. */
  static ServingException full(String why) {
    return new ServingException(
        Failure.OVERLOADED,
        why + "; delete results that are not needed, or try again later.",
        RETRY_SECONDS);
  }
}
