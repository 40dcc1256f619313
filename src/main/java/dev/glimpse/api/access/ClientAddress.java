package dev.glimpse.api.access;

import dev.glimpse.config.GlimpseConfig;
import io.netty.util.NetUtil;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the address of the client behind proxies: the last one in {@code X-Forwarded-For} that is
 * not a proxy's of {@code glimpse.http.trusted-proxies}. What others write into that header does
 * not count. Looks no name up.
 */
@Singleton
public final class ClientAddress {

  private static final String HEADER = "X-Forwarded-For";

  /** An IPv6 network, of which one client usually has all addresses. */
  private static final int IPV6_NETWORK_BYTES = 8;

  /** Proxies beyond these are not looked at. */
  private static final int MOST_PROXIES = 20;

  private static final String UNKNOWN = "unknown";

  /**
   * A network such as 10.0.0.0/8.
   *
   * @param bits of the address, from its beginning, that count
   */
  private record Network(InetAddress address, int bits) {

    static Network parse(String text) {
      String[] parts = text.split("/", 2);
      InetAddress address = ClientAddress.parse(parts[0]);
      if (address == null) {
        throw new ConfigurationException(
            "glimpse.http.trusted-proxies holds \"%s\", which is no address or network."
                .formatted(text));
      }
      int all = address.getAddress().length * Byte.SIZE;
      return new Network(address, parts.length == 1 ? all : Integer.parseInt(parts[1]));
    }

    boolean contains(InetAddress other) {
      byte[] mine = address.getAddress();
      byte[] its = other.getAddress();
      if (its.length != mine.length) {
        return false;
      }
      for (int i = 0; i < mine.length; i++) {
        int left = Math.max(0, Math.min(Byte.SIZE, bits - i * Byte.SIZE));
        int mask = 0xff << (Byte.SIZE - left);
        if (((mine[i] ^ its[i]) & mask & 0xff) != 0) {
          return false;
        }
      }
      return true;
    }
  }

  private final List<Network> trusted;

  /**
   * Creates a finder with the configured proxies.
   *
   * @throws ConfigurationException if one is no address or network
   */
  @Inject
  ClientAddress(GlimpseConfig config) {
    this(config.http().trustedProxies().orElse(List.of()));
  }

  /**
   * Creates a finder.
   *
   * @param trusted addresses and networks such as 10.0.0.0/8
   * @throws ConfigurationException if one is neither
   */
  ClientAddress(List<String> trusted) {
    this.trusted = trusted.stream().map(Network::parse).toList();
  }

  /** Returns the client's address, of IPv6 its /64 network; the same text for the same client. */
  public String of(HttpServerRequest request) {
    SocketAddress peer = request.remoteAddress();
    return of(peer == null ? null : peer.hostAddress(), request.headers().getAll(HEADER));
  }

  /**
   * As {@link #of(HttpServerRequest)}.
   *
   * @param peer the connection's address
   * @param forwarded the values of X-Forwarded-For
   */
  String of(@Nullable String peer, List<String> forwarded) {
    InetAddress address = peer == null ? null : parse(peer);
    if (address == null) {
      return UNKNOWN;
    }
    List<String> hops = hops(forwarded);
    for (int i = hops.size() - 1; i >= 0 && isTrusted(address); i--) {
      InetAddress next = parse(withoutPort(hops.get(i).strip()));
      if (next == null) {
        break;
      }
      address = next;
    }
    return text(address);
  }

  private static List<String> hops(List<String> forwarded) {
    List<String> hops =
        forwarded.stream().flatMap(value -> Arrays.stream(value.split(",", -1))).toList();
    return hops.subList(Math.max(0, hops.size() - MOST_PROXIES), hops.size());
  }

  private boolean isTrusted(InetAddress address) {
    return trusted.stream().anyMatch(network -> network.contains(address));
  }

  /** Some proxies add the port: 10.0.0.1:4711, [2001:db8::1]:4711. */
  private static String withoutPort(String text) {
    if (text.startsWith("[")) {
      return text.substring(1, Math.max(1, text.indexOf(']')));
    }
    int colon = text.indexOf(':');
    return colon >= 0 && colon == text.lastIndexOf(':') ? text.substring(0, colon) : text;
  }

  /** Reads an address; one of IPv4 that is written as IPv6 becomes IPv4. Null for other text. */
  private static @Nullable InetAddress parse(String text) {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
    try {
      return bytes == null ? null : InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      return null;
    }
  }

  private static String text(InetAddress address) {
    byte[] bytes = address.getAddress();
    return NetUtil.bytesToIpAddress(
        address instanceof Inet6Address
            ? Arrays.copyOf(Arrays.copyOf(bytes, IPV6_NETWORK_BYTES), bytes.length)
            : bytes);
  }
}
