package dev.glimpse.remote;

import dev.glimpse.config.UrlConfig;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Checks URLs against the settings: scheme, host and port. */
final class UrlRules {

  private final boolean http;
  private final List<String> hosts;
  private final Set<Integer> ports;

  UrlRules(UrlConfig settings) {
    this.http = settings.http();
    this.hosts =
        settings.hosts().orElse(List.of()).stream().map(h -> h.toLowerCase(Locale.ROOT)).toList();
    this.ports =
        settings
            .ports()
            .<Set<Integer>>map(Set::copyOf)
            .orElse(http ? Set.of(443, 80) : Set.of(443));
  }

  /**
   * Parses a URL and checks it.
   *
   * @throws IllegalArgumentException if it is malformed or not allowed; the message is for the
   *     client, and begins with a verb
   */
  Target check(String url) {
    Target target = Target.of(url);
    if (!target.secure() && !http) {
      throw new IllegalArgumentException("must begin with https://");
    }
    if (!ports.contains(target.port())) {
      throw new IllegalArgumentException("must have a port that images may be fetched from");
    }
    if (!hosts.isEmpty() && hosts.stream().noneMatch(host -> matches(host, target.host()))) {
      throw new IllegalArgumentException("must have a host that images may be fetched from");
    }
    return target;
  }

  private static boolean matches(String allowed, String host) {
    return allowed.startsWith("*.") ? host.endsWith(allowed.substring(1)) : host.equals(allowed);
  }
}
