package dev.glimpse.api.connections;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Starts new connections a few at a time, each client address in turn. An event loop reads from all
 * connections that have sent something before it reads from the first again, so that a client who
 * makes a thousand at once would keep each other client waiting for a thousand. Those that wait
 * hold a socket, and no more. Thread-safe; a connection is started, or given up, by the thread that
 * adds it or that says that another has been started.
 *
 * @param <A> identifies a client address
 */
final class StartingConnections<A> {

  /** Is a connection that has been accepted. */
  interface Waiting {

    /** Begins to read from it. {@link #started} is called when it has been read from once. */
    void start();

    /** Closes it, as there are too many of its client's. */
    void giveUp();
  }

  private final int atATime;
  private final int mostWaiting;

  /** By address; the address whose turn it is comes first. Each has at least one. */
  private final Map<A, Deque<Waiting>> waiting = new LinkedHashMap<>();

  private int waits;
  private int starting;

  /**
   * Creates a queue without connections.
   *
   * @param atATime how many may be starting
   * @param mostWaiting how many may wait for that
   */
  StartingConnections(int atATime, int mostWaiting) {
    this.atATime = atATime;
    this.mostWaiting = mostWaiting;
  }

  /**
   * Starts a connection now, or when it is its address's turn. If too many wait then, the last one
   * of the address with the most is given up.
   */
  void add(A address, Waiting connection) {
    Waiting tooMany = null;
    boolean now;
    synchronized (this) {
      now = starting < atATime;
      if (now) {
        starting++;
      } else {
        waiting.computeIfAbsent(address, key -> new ArrayDeque<>()).add(connection);
        waits++;
        tooMany = waits > mostWaiting ? takeOneTooMany() : null;
      }
    }
    if (now) {
      connection.start();
    }
    if (tooMany != null) {
      tooMany.giveUp();
    }
  }

  /** Says that a connection has been read from once, or is closed: the next one is started. */
  void started() {
    Waiting next;
    synchronized (this) {
      next = takeNext();
      if (next == null) {
        starting--;
      }
    }
    if (next != null) {
      next.start();
    }
  }

  /** Starts all that wait, as many as they are. */
  void startAll() {
    for (Waiting next = takeOneMore(); next != null; next = takeOneMore()) {
      next.start();
    }
  }

  private synchronized @Nullable Waiting takeOneMore() {
    Waiting next = takeNext();
    if (next != null) {
      starting++;
    }
    return next;
  }

  private @Nullable Waiting takeNext() {
    var first = waiting.entrySet().iterator();
    if (!first.hasNext()) {
      return null;
    }
    Map.Entry<A, Deque<Waiting>> turn = first.next();
    first.remove();
    Waiting next = turn.getValue().remove();
    waits--;
    if (!turn.getValue().isEmpty()) {
      waiting.put(turn.getKey(), turn.getValue()); // behind all others
    }
    return next;
  }

  private Waiting takeOneTooMany() {
    Map.Entry<A, Deque<Waiting>> most =
        waiting.entrySet().stream()
            .max(Comparator.comparingInt(entry -> entry.getValue().size()))
            .orElseThrow();
    Waiting last = most.getValue().removeLast();
    waits--;
    if (most.getValue().isEmpty()) {
      waiting.remove(most.getKey());
    }
    return last;
  }
}
