package dev.glimpse.api.connections;

import org.jspecify.annotations.Nullable;

/**
 * Remembers the streams of one connection that the service has reset last, as their data may still
 * be on the way. Confined to the connection's event loop.
 */
final class ResetStreams {

  private final int most;

  /** The one after the newest is the oldest; 0: none yet. Few connections need it. */
  private int @Nullable [] streams;

  private int next;

  /**
   * Creates a memory of none.
   *
   * @param most how many are remembered: as many as a client may have open, which knows that a
   *     stream is reset before it opens another in its place
   */
  ResetStreams(int most) {
    this.most = most;
  }

  void add(int stream) {
    if (streams == null) {
      streams = new int[most];
    }
    streams[next] = stream;
    next = (next + 1) % most;
  }

  boolean contains(int stream) {
    if (streams != null) {
      for (int reset : streams) {
        if (reset == stream) {
          return true;
        }
      }
    }
    return false;
  }
}
