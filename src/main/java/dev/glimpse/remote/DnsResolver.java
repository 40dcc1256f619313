package dev.glimpse.remote;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Resolves host names. */
@FunctionalInterface
interface DnsResolver {

  /**
   * Returns the addresses of a host. Blocks for as long as the network takes.
   *
   * @param host a name, or an address in the form that URLs use
   * @return all of its addresses, at least one
   */
  List<InetAddress> addresses(String host) throws UnknownHostException;
}
