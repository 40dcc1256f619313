package dev.glimpse.lifecycle;

import dev.glimpse.failure.Printable;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Finds out before the models are loaded whether the port can be opened. Between this check and the
 * moment when it is opened, another program may take it; then Quarkus reports that.
 */
@ApplicationScoped
class PortCheck {

  private static final int BEFORE_THE_MODELS = Interceptor.Priority.PLATFORM_BEFORE + 1;

  private final String host;
  private final int port;

  PortCheck(
      @ConfigProperty(name = "quarkus.http.host") String host,
      @ConfigProperty(name = "quarkus.http.port") int port) {
    this.host = host;
    this.port = port;
  }

  /**
   * Checks the port; not in tests, which have another, and not in development, where it is open.
   *
   * @throws ConfigurationException if it cannot be opened; Quarkus prints its message alone
   */
  void check(@Observes @Priority(BEFORE_THE_MODELS) StartupEvent event) {
    if (LaunchMode.current() == LaunchMode.NORMAL) {
      problem(host, port)
          .ifPresent(sentence -> {
            throw new ConfigurationException(sentence);
          });
    }
  }

  /** Returns why a port cannot be opened; empty if it can. */
  static Optional<String> problem(String host, int port) {
    InetSocketAddress address = new InetSocketAddress(host, Math.max(0, port));
    if (address.isUnresolved()) {
      return Optional.of(
          "There is no host \"%s\" (quarkus.http.host). Set an address of this machine, or 0.0.0.0 for all of them."
              .formatted(Printable.of(host)));
    }
    if (port <= 0) {
      return Optional.empty();
    }
    // Bound without listening, so that no client is accepted and then reset.
    try (SocketChannel probe = SocketChannel.open()) {
      probe.setOption(StandardSocketOptions.SO_REUSEADDR, true); // as the server does
      probe.bind(address);
      return Optional.empty();
    } catch (SocketException e) {
      return Optional.of(sentence(host, port, e));
    } catch (IOException e) {
      return Optional.empty(); // opening the port says more
    }
  }

  private static String sentence(String host, int port, SocketException e) {
    String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    if (message.contains("in use")) {
      return "Port %d is in use by another program. Stop that one, or set another port: --port N, or PORT in the environment."
          .formatted(port);
    }
    if (message.contains("permission")) {
      return "Port %d cannot be opened by this user. Set a port from 1024 on: --port N, or PORT in the environment."
          .formatted(port);
    }
    return "Port %d cannot be opened at the address %s (quarkus.http.host): %s."
        .formatted(port, host, e.getMessage());
  }
}
