package dev.glimpse.api.connections;

import dev.glimpse.api.connections.WaitingConnections.Patience;
import dev.glimpse.api.connections.WaitingConnections.Reason;
import dev.glimpse.api.connections.WaitingConnections.Taken;
import dev.glimpse.api.http.ClientNetwork;
import java.net.SocketAddress;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts the open connections of each client address, and knows the address that has the most of
 * them. Thread-safe.
 *
 * @param <C> identifies a connection
 */
final class ClientAddresses<C> {

  /** Is an address with connections. */
  static final class Client<C> {

    /** The least time between two requests that are given up for connections of this client. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final ClientNetwork address;
    private final WaitingConnections<C> waiting;
    private final LongSupplier clock;
    private final AtomicLong requestGivenUp;

    /** Guarded by the addresses. */
    private int connections;

    private Client(ClientNetwork address, LongSupplier clock) {
      this.address = address;
      this.waiting = new WaitingConnections<>(clock);
      this.clock = clock;
      this.requestGivenUp = new AtomicLong(clock.getAsLong() - PAUSE_NANOS);
    }

    /** Returns those of its connections that wait for it. */
    WaitingConnections<C> waiting() {
      return waiting;
    }

    /**
     * Removes the connection that is to make room for another one of this client: the one of its
     * own that has waited the longest, or else of all. If a request has just been given up for this
     * client, it is a connection without one: a request that is begun and given up costs more than
     * most, and a flood would begin thousands a second.
     *
     * @param all connections that wait for their clients
     * @return null if none has waited for long enough
     */
    @Nullable Taken<C> makeRoom(WaitingConnections<C> all) {
      long now = clock.getAsLong();
      boolean paused = now - requestGivenUp.get() < PAUSE_NANOS;
      Taken<C> longest = waiting.takeLongest(paused ? Patience.IDLE : Patience.USUAL);
      if (longest == null) {
        longest = all.takeLongest(paused ? Patience.LONG_IDLE : Patience.LONG);
      }
      if (longest != null && longest.reason() != Reason.NEXT_REQUEST) {
        requestGivenUp.set(now);
      }
      return longest;
    }
  }

  private final LongSupplier clock;
  private final Map<ClientNetwork, Client<C>> clients = new HashMap<>();

  /** A client is taken out before its number changes, and put back at its new place. */
  private final NavigableSet<Client<C>> byNumber =
      new TreeSet<>(
          Comparator.<Client<C>>comparingInt(client -> client.connections)
              .thenComparing(client -> client.address));

  /**
   * Creates a record without connections.
   *
   * @param clock in nanoseconds
   */
  ClientAddresses(LongSupplier clock) {
    this.clock = clock;
  }

  /** Returns how many connections an address has, or its /64 network. */
  synchronized int connections(@Nullable SocketAddress address) {
    Client<C> client = clients.get(ClientNetwork.of(address));
    return client == null ? 0 : client.connections;
  }

  /** Returns how many connections a client has. */
  synchronized int connections(Client<C> client) {
    return client.connections;
  }

  /** Returns the client that has the most connections; null if there are none. */
  synchronized @Nullable Client<C> most() {
    return byNumber.isEmpty() ? null : byNumber.last();
  }

  /** Returns whether a client has more than twice as many connections as there are others. */
  synchronized boolean hasMany(Client<C> client, int others) {
    return client.connections > 2 * others;
  }

  /** Returns the client with an address, or its /64 network; null if it has no connections. */
  synchronized @Nullable Client<C> find(@Nullable SocketAddress address) {
    return clients.get(ClientNetwork.of(address));
  }

  /** Returns how many clients have connections. */
  synchronized int count() {
    return clients.size();
  }

  /** Counts one more connection; returns whose it is. */
  synchronized Client<C> opened(@Nullable SocketAddress address) {
    Client<C> client =
        clients.computeIfAbsent(ClientNetwork.of(address), key -> new Client<>(key, clock));
    count(client, 1);
    return client;
  }

  /** Counts one connection less. */
  synchronized void closed(Client<C> client) {
    count(client, -1);
    if (client.connections == 0) {
      byNumber.remove(client);
      clients.remove(client.address);
    }
  }

  private void count(Client<C> client, int change) {
    byNumber.remove(client);
    client.connections += change;
    byNumber.add(client);
  }
}
