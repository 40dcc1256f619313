package dev.glimpse.api.connections;

import dev.glimpse.api.connections.ClientAddresses.Client;
import dev.glimpse.api.connections.WaitingConnections.Patience;
import dev.glimpse.api.connections.WaitingConnections.Reason;
import dev.glimpse.api.connections.WaitingConnections.Taken;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the open connections within their limits. Where there is no room for a new one, the
 * connection makes room that has waited the longest for its client, be it for a request, for the
 * rest of one, or to read a response; one of the client address that has the most of them if that
 * has many more than the new one's. One with a request that is being worked on is not closed.
 * Thread-safe.
 */
final class OpenConnections {

  private final ConnectionLimits limits;
  private final ClosedConnectionsLog log;
  private final Consumer<RefusedRequest> refusals;
  private final Map<ConnectionGuard, Client<ConnectionGuard>> open = new ConcurrentHashMap<>();
  private final ClientAddresses<ConnectionGuard> clients;
  private final WaitingConnections<ConnectionGuard> waiting;
  private final AtomicLong unread = new AtomicLong();
  private final OpenStreams streams;

  /**
   * Creates the record of a process without connections.
   *
   * @param refusals logs and counts the requests that reach no endpoint
   * @param clock in nanoseconds
   */
  OpenConnections(
      ConnectionLimits limits,
      ClosedConnectionsLog log,
      Consumer<RefusedRequest> refusals,
      LongSupplier clock) {
    this.clients = new ClientAddresses<>(clock);
    this.waiting = new WaitingConnections<>(clock);
    this.limits = limits;
    this.streams = new OpenStreams(limits.allStreams());
    this.log = log;
    this.refusals = refusals;
  }

  ConnectionLimits limits() {
    return limits;
  }

  /**
   * Admits a new connection, at the cost of one that waits for its client if need be; returns
   * whether it may stay.
   */
  boolean admit(ConnectionGuard connection, @Nullable SocketAddress address) {
    int own = clients.connections(address);
    if (own >= limits.perAddress()) {
      log.closed("there are glimpse.http.max-connections-per-address from its address");
      return false;
    }
    if (open.size() >= limits.connections() && !evictFor(address, own + 1)) {
      log.closed("all of glimpse.http.max-connections are in use");
      return false;
    }
    Client<ConnectionGuard> client = clients.opened(address);
    open.put(connection, client);
    waits(connection, Reason.NEXT_REQUEST);
    connection.onClose(() -> {
      forget(connection);
      client.waiting().remove(connection); // again, as it may have been put back meanwhile
      clients.closed(client);
    });
    return true;
  }

  /** Returns the count of the streams of all connections. */
  OpenStreams streams() {
    return streams;
  }

  /**
   * Returns whether a connection may keep the stream that it has just begun.
   *
   * @param own how many it has, this one included
   */
  boolean allowsStream(ConnectionGuard connection, int own) {
    Client<ConnectionGuard> client = open.get(connection);
    return streams.allows(
        own, clients::count, () -> client == null ? 1 : clients.connections(client));
  }

  /** Notes what a connection's client has to do from now on; null: nothing. */
  void waits(ConnectionGuard connection, @Nullable Reason reason) {
    Client<ConnectionGuard> client = open.get(connection);
    if (client != null) {
      client.waiting().put(connection, reason);
      waiting.put(connection, reason);
    }
  }

  /** Closes the connection that has waited for its client the longest; false if none has long. */
  boolean evict() {
    return evict(waiting.takeLongest(Patience.USUAL));
  }

  /**
   * Closes a connection for a client that has so many, with the new one. Where another has many
   * more, it is one of that, however short it has waited. For a client with more than its share it
   * is one of its own if possible, else one that has done nothing for a while.
   */
  private boolean evictFor(@Nullable SocketAddress address, int own) {
    Client<ConnectionGuard> most = clients.most();
    if (most != null && clients.hasMany(most, own)) {
      return evict(most.waiting().takeLongest(Patience.NONE));
    }
    Client<ConnectionGuard> client = clients.find(address);
    if (client != null && own > limits.connections() / clients.count()) {
      return evict(client.makeRoom(waiting));
    }
    return evict();
  }

  private boolean evict(@Nullable Taken<ConnectionGuard> victim) {
    if (victim == null) {
      return false;
    }
    forget(victim.connection());
    victim.connection().close("its client did nothing, and another client needed the place");
    return true;
  }

  private void forget(ConnectionGuard connection) {
    waiting.remove(connection);
    Client<ConnectionGuard> client = open.remove(connection);
    if (client != null) {
      client.waiting().remove(connection);
    }
  }

  /** Counts bytes that a client has not yet read; closes the stalest if there are too many. */
  void unread(long change) {
    if (unread.addAndGet(change) > limits.unreadBytes() && change > 0) {
      Taken<ConnectionGuard> victim = waiting.takeLongestUnread();
      if (victim != null) {
        victim.connection().close("clients leave more than glimpse.http.max-unread unread");
      }
    }
  }

  ClosedConnectionsLog log() {
    return log;
  }

  void log(RefusedRequest refused) {
    refusals.accept(refused);
  }
}
