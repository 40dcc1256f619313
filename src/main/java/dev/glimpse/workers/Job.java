package dev.glimpse.workers;

/** What a worker does in one go. */
public interface Job extends Runnable {

  /** For how long a worker has had it, in nanoseconds. */
  long age();

  /** The workers will not come to it any more; whoever waits for it is to hear. */
  void abandon();
}
