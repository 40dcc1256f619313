package dev.glimpse.api.live;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Bounds the live connections, and ends them when the service stops. Thread-safe. */
final class LiveConnections {

  private static final int RETRY_SECONDS = 5;

  private final int most;
  private final int mostOfNetwork;
  private final Map<Object, Integer> byNetwork = new HashMap<>();
  private int open;
  private final Set<LiveConnection> all = ConcurrentHashMap.newKeySet();
  private volatile boolean ending;

  /**
   * Allows a number of connections.
   *
   * @param most at a time; one client network has at most half of them
   */
  LiveConnections(int most) {
    this.most = most;
    this.mostOfNetwork = (most + 1) / 2;
  }

  /**
   * Counts a connection that is about to be made, until {@link #left}.
   *
   * @param network its client's
   * @throws ServingException OVERLOADED if there are as many as may be; NOT_READY if the service
   *     stops
   */
  synchronized void enter(Object network) {
    if (ending) {
      throw new ServingException(
          Failure.NOT_READY, "The service is stopping; try again soon.", RETRY_SECONDS);
    }
    int own = byNetwork.getOrDefault(network, 0);
    if (open >= most) {
      throw tooMany("%d live connections are open, which is the limit; try again later.", most);
    }
    if (own >= mostOfNetwork) {
      throw tooMany(
          "%d live connections from your network are open, which is its limit; close one, or try again later.",
          own);
    }
    byNetwork.put(network, own + 1);
    open++;
  }

  private static ServingException tooMany(String detail, int count) {
    return new ServingException(Failure.OVERLOADED, detail.formatted(count), RETRY_SECONDS);
  }

  /** Counts a connection as closed. */
  synchronized void left(Object network) {
    byNetwork.computeIfPresent(network, (key, own) -> own == 1 ? null : own - 1);
    open--;
  }

  void add(LiveConnection connection) {
    all.add(connection);
    if (ending) {
      connection.end();
    }
  }

  void remove(LiveConnection connection) {
    all.remove(connection);
  }

  /** Ends all, and lets no more in. */
  void end() {
    ending = true;
    all.forEach(LiveConnection::end);
  }
}
