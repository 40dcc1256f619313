package dev.glimpse.events;

/**
 * An event that waits to be sent.
 *
 * @param added when, in nanoseconds of the queue's clock
 */
record QueuedEvent(EventType type, LoggedPrediction prediction, long added) {

  /** Returns how much memory it takes, about. */
  int bytes() {
    return prediction.bytes();
  }
}
