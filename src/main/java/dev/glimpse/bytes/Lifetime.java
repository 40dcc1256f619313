package dev.glimpse.bytes;

/**
 * Returns memory once: when its owner has ended its life, and no thread uses it any more. Any
 * thread may call it.
 */
final class Lifetime {

  private final Runnable release;

  /** The owner, until it has ended this, and each use. */
  private int users = 1;

  private boolean ended;

  /**
   * Begins.
   *
   * @param release run once, on the thread that leaves last
   */
  Lifetime(Runnable release) {
    this.release = release;
  }

  /**
   * Begins a use of the memory.
   *
   * @throws IllegalStateException if the owner has ended its life
   */
  synchronized void enter() {
    if (ended) {
      throw new IllegalStateException("The bytes have been released already.");
    }
    users++;
  }

  /** Ends a use. To be called once for each {@link #enter}. */
  void leave() {
    synchronized (this) {
      if (--users > 0) {
        return;
      }
    }
    release.run();
  }

  /** Allows no further use. Again it does nothing. */
  void end() {
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
    }
    leave();
  }
}
