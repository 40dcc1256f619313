package dev.glimpse.api.connections;

import io.netty.handler.codec.http.HttpMethod;

/**
 * Bounds what arrives of a body of HTTP/1 after its request has been answered: its bytes, and how
 * long they take. Confined to the connection's event loop.
 */
final class UnusedBody {

  /** How much of a body may be ignored where a method has none. */
  private static final int UNEXPECTED_BYTES = 64 << 10;

  private final ConnectionLimits limits;
  private long bytes;
  private long most;
  private long since = ConnectionLimits.NEVER;

  UnusedBody(ConnectionLimits limits) {
    this.limits = limits;
  }

  /** Notes that the next request has begun. */
  void requestBegun(HttpMethod method) {
    bytes = 0;
    most = hasBody(method) ? limits.unusedBytes() : UNEXPECTED_BYTES;
    ended();
  }

  private static boolean hasBody(HttpMethod method) {
    return !method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD);
  }

  /** Notes that the request has been answered before its body has arrived. */
  void begun() {
    since = System.nanoTime();
  }

  /** Counts more bytes of it; returns whether they are too many. */
  boolean exceeds(int more) {
    bytes += more;
    return bytes > most;
  }

  /** Notes that all of it has arrived. */
  void ended() {
    since = ConnectionLimits.NEVER;
  }

  /** Returns whether it has been arriving for longer than it may. */
  boolean isLate() {
    return WaitTimes.isOver(since, limits.writeNanos());
  }
}
