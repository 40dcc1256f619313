package dev.glimpse.remote;

import jakarta.enterprise.context.ApplicationScoped;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Allows connections to addresses of the public internet only. The tables follow IANA's registries
 * of special addresses, for <a
 * href="https://www.iana.org/assignments/iana-ipv4-special-registry">IPv4</a> and <a
 * href="https://www.iana.org/assignments/iana-ipv6-special-registry">IPv6</a>.
 */
@ApplicationScoped
public class AddressRules {

  private static final List<Block> NOT_PUBLIC_4 =
      blocks(
          "0.0.0.0/8", // this network
          "10.0.0.0/8", // private
          "100.64.0.0/10", // behind a carrier's NAT, and Alibaba's metadata
          "127.0.0.0/8", // loopback
          "168.63.129.16/32", // Azure's host, which answers virtual machines only
          "169.254.0.0/16", // link-local, and most clouds' metadata
          "172.16.0.0/12", // private
          "192.0.0.0/24", // protocol assignments, and Oracle's metadata
          "192.0.2.0/24", // documentation
          "192.31.196.0/24", // AS112
          "192.52.193.0/24", // AMT
          "192.88.99.0/24", // 6to4 relays
          "192.168.0.0/16", // private
          "192.175.48.0/24", // AS112
          "198.18.0.0/15", // benchmarks
          "198.51.100.0/24", // documentation
          "203.0.113.0/24", // documentation
          "224.0.0.0/4", // multicast
          "240.0.0.0/4"); // reserved, and broadcast

  /** Contains all public IPv6 addresses, and many that are not public. */
  private static final Block GLOBAL_6 = Block.of("2000:0:0:0:0:0:0:0/3");

  private static final List<Block> NOT_PUBLIC_6 =
      blocks(
          "2001:0:0:0:0:0:0:0/23", // protocol assignments: Teredo, benchmarks, ORCHID
          "2001:db8:0:0:0:0:0:0/32", // documentation
          "2002:0:0:0:0:0:0:0/16", // 6to4, which holds an IPv4 address
          "2620:4f:8000:0:0:0:0:0/48", // AS112
          "3fff:0:0:0:0:0:0:0/20"); // documentation

  /** IPv4 addresses on networks that have only IPv6; outside of {@link #GLOBAL_6}. */
  private static final Block NAT64 = Block.of("64:ff9b:0:0:0:0:0:0/96");

  AddressRules() {}

  /** Returns whether it is an address of the public internet. */
  boolean allows(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (address instanceof Inet4Address) {
      return NOT_PUBLIC_4.stream().noneMatch(block -> block.holds(bytes));
    }
    if (NAT64.holds(bytes)) {
      return holdsPublic4(bytes);
    }
    return GLOBAL_6.holds(bytes)
        && NOT_PUBLIC_6.stream().noneMatch(block -> block.holds(bytes))
        && (!isIsatap(bytes) || holdsPublic4(bytes));
  }

  /** Returns whether it is an address of RFC 5214, whose last four bytes are an IPv4 address. */
  private static boolean isIsatap(byte[] bytes) {
    return (bytes[8] & ~2) == 0 && bytes[9] == 0 && bytes[10] == 0x5e && bytes[11] == (byte) 0xfe;
  }

  private static boolean holdsPublic4(byte[] bytes) {
    byte[] last = Arrays.copyOfRange(bytes, 12, 16);
    return NOT_PUBLIC_4.stream().noneMatch(block -> block.holds(last));
  }

  private static List<Block> blocks(String... blocks) {
    return Stream.of(blocks).map(Block::of).toList();
  }

  /** A range of addresses that begin with the same bits. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Block(byte[] start, int bits) {

    /** Parses {@code address/bits}. */
    static Block of(String text) {
      String[] parts = text.split("/", 2);
      try {
        return new Block(
            InetAddress.getAllByName(parts[0])[0].getAddress(), Integer.parseInt(parts[1]));
      } catch (UnknownHostException e) {
        throw new IllegalArgumentException(text, e);
      }
    }

    boolean holds(byte[] address) {
      if (address.length != start.length) {
        return false;
      }
      int whole = bits / 8;
      if (Arrays.mismatch(address, 0, whole, start, 0, whole) >= 0) {
        return false;
      }
      int rest = bits % 8;
      return rest == 0 || ((address[whole] ^ start[whole]) & 0xff) >> (8 - rest) == 0;
    }
  }
}
