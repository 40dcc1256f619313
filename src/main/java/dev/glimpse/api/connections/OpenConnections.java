package dev.glimpse.api.connections;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the open connections within their limits. Where there is no room for a new one, the
 * connection that has been without a request for the longest time makes room: a client that is
 * served is not closed for one that waits. Thread-safe.
 */
final class OpenConnections {

  /** An IPv6 network, of which one client usually has all addresses. */
  private static final int IPV6_NETWORK_BYTES = 8;

  private static final ByteBuffer NO_ADDRESS = ByteBuffer.allocate(0);

  private final ConnectionLimits limits;
  private final ClosedConnectionsLog log;
  private final Consumer<RefusedRequest> refusals;
  private final Set<ConnectionGuard> open = ConcurrentHashMap.newKeySet();
  private final Map<ByteBuffer, Integer> byAddress = new ConcurrentHashMap<>();
  private final AtomicLong unread = new AtomicLong();

  /**
   * Creates the record of a process without connections.
   *
   * @param refusals logs and counts the requests that reach no endpoint
   */
  OpenConnections(
      ConnectionLimits limits, ClosedConnectionsLog log, Consumer<RefusedRequest> refusals) {
    this.limits = limits;
    this.log = log;
    this.refusals = refusals;
  }

  ConnectionLimits limits() {
    return limits;
  }

  /**
   * Admits a new connection, at the cost of an idle one if need be; returns whether it may stay.
   */
  boolean admit(ConnectionGuard connection, @Nullable SocketAddress address) {
    ByteBuffer key = key(address);
    if (byAddress.getOrDefault(key, 0) >= limits.perAddress()) {
      log.closed("there are glimpse.http.max-connections-per-address from its address");
      return false;
    }
    if (open.size() >= limits.connections() && !evict()) {
      log.closed("all of glimpse.http.max-connections are in use");
      return false;
    }
    byAddress.merge(key, 1, Integer::sum);
    open.add(connection);
    connection.onClose(() -> {
      open.remove(connection);
      byAddress.computeIfPresent(key, (k, count) -> count == 1 ? null : count - 1);
    });
    return true;
  }

  private static ByteBuffer key(@Nullable SocketAddress address) {
    if (!(address instanceof InetSocketAddress internet)) {
      return NO_ADDRESS;
    }
    InetAddress ip = internet.getAddress();
    byte[] bytes = ip.getAddress();
    return ByteBuffer.wrap(bytes, 0, Math.min(bytes.length, IPV6_NETWORK_BYTES));
  }

  /** Closes the connection that is idle the longest, or reads no response; false if none is. */
  boolean evict() {
    ConnectionGuard victim = oldest(ConnectionGuard::idleSince);
    if (victim == null) {
      victim = oldest(ConnectionGuard::stalledSince);
      if (victim == null
          || System.nanoTime() - victim.stalledSince() < ConnectionLimits.STALLED_NANOS) {
        return false;
      }
    }
    open.remove(victim);
    victim.close("it was idle, and another client needed the place");
    return true;
  }

  /** Counts bytes that a client has not yet read; closes the stalest if there are too many. */
  void unread(long change) {
    if (unread.addAndGet(change) > limits.unreadBytes() && change > 0) {
      ConnectionGuard victim = oldest(ConnectionGuard::stalledSince);
      if (victim != null) {
        victim.close("clients leave more than glimpse.http.max-unread unread");
      }
    }
  }

  ClosedConnectionsLog log() {
    return log;
  }

  void log(RefusedRequest refused) {
    refusals.accept(refused);
  }

  /** Returns the connection with the earliest time; null if none has one. */
  private @Nullable ConnectionGuard oldest(ToLongFunction<ConnectionGuard> time) {
    long now = System.nanoTime();
    long longest = -1;
    ConnectionGuard oldest = null;
    for (ConnectionGuard connection : open) {
      long since = time.applyAsLong(connection);
      if (since != ConnectionLimits.NEVER && now - since > longest) {
        longest = now - since;
        oldest = connection;
      }
    }
    return oldest;
  }
}
