package dev.glimpse.remote;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import java.net.InetAddress;

/** The rules, but that one loopback address counts as public. */
@Alternative
@ApplicationScoped
class LoopbackToo extends AddressRules {

  @Override
  boolean allows(InetAddress address) {
    return address.getHostAddress().equals("127.0.0.1") || super.allows(address);
  }
}
