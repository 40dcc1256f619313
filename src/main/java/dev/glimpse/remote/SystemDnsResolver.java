package dev.glimpse.remote;

import jakarta.enterprise.context.ApplicationScoped;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Resolves host names with the operating system: its hosts file and DNS. */
@ApplicationScoped
class SystemDnsResolver implements DnsResolver {

  @Override
  public List<InetAddress> addresses(String host) throws UnknownHostException {
    return List.of(InetAddress.getAllByName(host));
  }
}
