package dev.glimpse.lifecycle;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.config.ListenAddress;
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
 * Finds out before the models are loaded whether the ports can be opened. Between this check and
 * the moment when one is opened, another program may take it; then Quarkus reports that.
 */
@ApplicationScoped
class PortCheck {

  private static final int BEFORE_THE_MODELS = Interceptor.Priority.PLATFORM_BEFORE + 1;

  /**
   * A port to open.
   *
   * @param hostSetting the key that sets the address
   * @param remedy how to set another port
   */
  record Port(ListenAddress address, String hostSetting, String remedy) {

    /** Makes the port that serves requests. */
    static Port ofService(String host, int number) {
      return new Port(
          new ListenAddress(host, number),
          "quarkus.http.host",
          "--port N, or PORT in the environment");
    }

    /** Makes the port of {@code glimpse.management.listen}. */
    static Port ofManagement(ListenAddress address) {
      return new Port(address, "glimpse.management.listen", "glimpse.management.listen");
    }

    String host() {
      return address.host();
    }

    int number() {
      return address.port();
    }
  }

  private final Port service;
  private final Optional<Port> management;

  PortCheck(
      @ConfigProperty(name = "quarkus.http.host") String host,
      @ConfigProperty(name = "quarkus.http.port") int port,
      GlimpseConfig config) {
    this.service = Port.ofService(host, port);
    this.management =
        config
            .management()
            .listen()
            .map(listen -> Port.ofManagement(ListenAddress.parse(listen, host)));
  }

  /**
   * Checks the ports; not in tests, which have others, and not in development, where they are open.
   *
   * @throws ConfigurationException if one cannot be opened; Quarkus prints its message alone
   */
  void check(@Observes @Priority(BEFORE_THE_MODELS) StartupEvent event) {
    if (LaunchMode.current() == LaunchMode.NORMAL) {
      problem(service)
          .or(() -> management.flatMap(port -> problem(port, service)))
          .ifPresent(sentence -> {
            throw new ConfigurationException(sentence);
          });
    }
  }

  /** Returns why a second port cannot be opened beside the first; empty if it can. */
  static Optional<String> problem(Port second, Port first) {
    return second.number() == first.number() && second.number() != 0
        ? Optional.of(
            "glimpse.management.listen is %d, the port of the service. Set another, or leave it out to serve all on one port."
                .formatted(second.number()))
        : problem(second);
  }

  /** Returns why a port cannot be opened; empty if it can. */
  static Optional<String> problem(Port port) {
    InetSocketAddress address = new InetSocketAddress(port.host(), Math.max(0, port.number()));
    if (address.isUnresolved()) {
      return Optional.of(
          "There is no host \"%s\" (%s). Set an address of this machine, or 0.0.0.0 for all of them."
              .formatted(Printable.of(port.host()), port.hostSetting()));
    }
    if (port.number() <= 0) {
      return Optional.empty();
    }
    // Bound without listening, so that no client is accepted and then reset.
    try (SocketChannel probe = SocketChannel.open()) {
      probe.setOption(StandardSocketOptions.SO_REUSEADDR, true); // as the server does
      probe.bind(address);
      return Optional.empty();
    } catch (SocketException e) {
      return Optional.of(sentence(port, e));
    } catch (IOException e) {
      return Optional.empty(); // opening the port says more
    }
  }

  private static String sentence(Port port, SocketException e) {
    String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    if (message.contains("in use")) {
      return "Port %d is in use by another program. Stop that one, or set another port: %s."
          .formatted(port.number(), port.remedy());
    }
    if (message.contains("permission")) {
      return "Port %d cannot be opened by this user. Set a port from 1024 on: %s."
          .formatted(port.number(), port.remedy());
    }
    return "Port %d cannot be opened at the address %s (%s): %s."
        .formatted(port.number(), port.host(), port.hostSetting(), e.getMessage());
  }
}
