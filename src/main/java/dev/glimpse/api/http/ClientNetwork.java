package dev.glimpse.api.http;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Is what the addresses of one client have in common: an IPv4 address, or the /64 network of an
 * IPv6 address, of which one client usually has all. Clients behind a proxy have the proxy's.
 *
 * @param address its bytes; none if it is not known
 */
public record ClientNetwork(ByteBuffer address) implements Comparable<ClientNetwork> {

  private static final int IPV6_NETWORK_BYTES = 8;
  private static final ClientNetwork UNKNOWN = new ClientNetwork(ByteBuffer.allocate(0));

  /** Returns that of a socket's other side. */
  public static ClientNetwork of(@Nullable SocketAddress address) {
    if (!(address instanceof InetSocketAddress internet)) {
      return UNKNOWN;
    }
    byte[] bytes = internet.getAddress().getAddress();
    return new ClientNetwork(ByteBuffer.wrap(bytes, 0, Math.min(bytes.length, IPV6_NETWORK_BYTES)));
  }

  /** Returns that of a connection's client. */
  public static ClientNetwork of(HttpConnection connection) {
    return connection instanceof ConnectionBase netty
        ? of(netty.channel().remoteAddress())
        : UNKNOWN;
  }

  @Override
  public int compareTo(ClientNetwork other) {
    return address.compareTo(other.address);
  }
}
