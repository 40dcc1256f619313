package dev.glimpse.api.live;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Bounds the live connections, and ends them when the service stops. Thread-safe. */
final class LiveConnections {

  private static final int RETRY_SECONDS = 5;

  private final int most;
  private final AtomicInteger open = new AtomicInteger();
  private final Set<LiveConnection> all = ConcurrentHashMap.newKeySet();
  private volatile boolean ending;

  LiveConnections(int most) {
    this.most = most;
  }

  /**
   * Counts a connection that is about to be made, until {@link #left}.
   *
   * @throws ServingException OVERLOADED if there are as many as may be; NOT_READY if the service
   *     stops
   */
  void enter() {
    if (ending) {
      throw new ServingException(
          Failure.NOT_READY, "The service is stopping; try again soon.", RETRY_SECONDS);
    }
    if (open.incrementAndGet() > most) {
      open.decrementAndGet();
      throw new ServingException(
          Failure.OVERLOADED,
          "%d live connections are open, which is the limit; try again later.".formatted(most),
          RETRY_SECONDS);
    }
  }

  void left() {
    open.decrementAndGet();
  }

  void add(LiveConnection connection) {
    all.add(connection);
    if (ending) {
      connection.end();
    }
  }

  void remove(LiveConnection connection) {
    if (all.remove(connection)) {
      left();
    }
  }

  /** Ends all, and lets no more in. */
  void end() {
    ending = true;
    all.forEach(LiveConnection::end);
  }
}
