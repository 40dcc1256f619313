package dev.glimpse.api.connections;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/**
 * Counts the streams of all connections of HTTP/2, and bounds them together: each takes as much
 * memory as a connection of HTTP/1 with a request. Thread-safe; where several connections look at
 * the same moment, there may be a few more.
 */
final class OpenStreams {

  private final int most;
  private final AtomicInteger open = new AtomicInteger();

  /**
   * Creates a count of none.
   *
   * @param most how many may be open, besides one for each connection
   */
  OpenStreams(int most) {
    this.most = most;
  }

  void begun() {
    open.incrementAndGet();
  }

  void ended(int streams) {
    open.addAndGet(-streams);
  }

  /** Returns whether there are as many as may be. */
  boolean isFull() {
    return open.get() >= most;
  }

  /**
   * Returns whether a connection may keep the stream that it has just begun: while there is room
   * for all, or as one of its share, so that a connection with few gets more while others have
   * many.
   *
   * @param own how many it has, this one included
   * @param clients how many client addresses there are
   * @param connections how many connections its address has, this one included
   */
  boolean allows(int own, IntSupplier clients, IntSupplier connections) {
    if (open.get() <= most) {
      return true;
    }
    int share = most / Math.max(1, clients.getAsInt()) / Math.max(1, connections.getAsInt());
    return own <= Math.max(1, share);
  }
}
