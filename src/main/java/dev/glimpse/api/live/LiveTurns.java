package dev.glimpse.api.live;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Shares workers out among live connections: at most half of the workers are busy with frames, so
 * that other requests keep the rest, and each connection has one frame in progress at a time, in
 * the order in which they asked. Thread-safe.
 */
final class LiveTurns {

  /** Wants a turn for its next frame. */
  interface Contender {

    /** Starts a frame, or releases the turn. Any thread may call it; it must not block. */
    void begin();
  }

  private final int most;
  private final Set<Contender> waiting = new LinkedHashSet<>();
  private int taken;

  /**
   * Creates turns.
   *
   * @param workers of the service, 1 or more
   */
  LiveTurns(int workers) {
    this.most = Math.max(1, workers / 2);
  }

  /** Lets a connection begin as soon as it is its turn; at once if there is one. */
  void ask(Contender connection) {
    synchronized (this) {
      waiting.add(connection);
    }
    startNext();
  }

  /** Takes a connection out of the line. */
  synchronized void leave(Contender connection) {
    waiting.remove(connection);
  }

  /** Returns a turn. */
  void release() {
    synchronized (this) {
      taken--;
    }
    startNext();
  }

  private void startNext() {
    for (Contender next = next(); next != null; next = next()) {
      next.begin();
    }
  }

  private synchronized @Nullable Contender next() {
    if (taken >= most || waiting.isEmpty()) {
      return null;
    }
    Contender first = waiting.iterator().next();
    waiting.remove(first);
    taken++;
    return first;
  }
}
