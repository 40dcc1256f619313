package dev.glimpse.remote;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** What knows the addresses of hosts. */
@FunctionalInterface
interface DnsResolver {

  /**
   * Looks a host up; may take as long as the network does.
   *
   * @param host a name, or an address as it is written in a URL
   * @return every address of it, at least one
   */
  List<InetAddress> addresses(String host) throws UnknownHostException;
}
