package dev.glimpse.remote;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.failure.ServingException;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * Sends what clients have asked to be sent to an address: to public addresses, by the rules for the
 * URLs of images, and to the hosts that the operator has named, at any address. Uses no proxy,
 * follows no redirect, and reads no more of a response than its status. No thread waits for the
 * network, except those that resolve host names. Any thread may call it.
 */
@ApplicationScoped
public class Callbacks {

  /** More than are sent at a time. */
  private static final int CONNECTIONS = 64;

  private static final int LAST_PORT = 65_535;

  /** Knows no address that is not allowed, for hosts that the operator has named. */
  private static final AddressRules ALL =
      new AddressRules() {
        @Override
        boolean allows(InetAddress address) {
          return true;
        }
      };

  private final Vertx vertx;
  private final UrlRules rules;
  private final Set<String> named;
  private final CheckedDnsLookup publicOnly;
  private final CheckedDnsLookup anyAddress;
  private final Duration timeout;
  private final CheckedHttpClient client;

  Callbacks(Vertx vertx, GlimpseConfig config, DnsResolver names, AddressRules addresses) {
    this.vertx = vertx;
    this.rules = new UrlRules(config.url());
    this.named =
        config.results().callback().hosts().orElse(List.of()).stream()
            .map(host -> host.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
    this.publicOnly = new CheckedDnsLookup(names, addresses);
    this.anyAddress = new CheckedDnsLookup(names, ALL);
    this.timeout = config.url().timeout();
    this.client = new CheckedHttpClient(vertx, CONNECTIONS, timeout);
  }

  /**
   * Checks an address, without using the network.
   *
   * @param field the name of the parameter that holds it, for errors
   * @throws ServingException INVALID_PARAMETER if it is not allowed
   */
  public void check(String field, String url) {
    try {
      target(url);
    } catch (IllegalArgumentException e) {
      throw ServingException.invalid(field, String.valueOf(e.getMessage()));
    }
  }

  private Target target(String url) {
    Target target = Target.of(url);
    if (!named.contains(target.host())) {
      return rules.check(url);
    }
    if (target.port() > LAST_PORT) {
      throw new IllegalArgumentException("must have a port up to " + LAST_PORT);
    }
    return target;
  }

  /**
   * Posts a body to an address.
   *
   * @return the status of the response; fails if none comes within {@code glimpse.url.timeout}
   */
  public CompletableFuture<Integer> post(String url, Map<String, String> headers, byte[] body) {
    CompletableFuture<Integer> status = new CompletableFuture<>();
    Sending sending;
    try {
      sending = new Sending(target(url), headers, Buffer.buffer(body), status);
    } catch (IllegalArgumentException e) { // the settings have changed since it was accepted
      return CompletableFuture.failedFuture(e);
    }
    long timer =
        vertx.setTimer(
            timeout.toMillis(),
            id ->
                status.completeExceptionally(
                    new IllegalStateException("there is no response in time")));
    var unused = status.whenComplete((done, failure) -> vertx.cancelTimer(timer));
    CheckedDnsLookup lookup = named.contains(sending.target.host()) ? anyAddress : publicOnly;
    var unusedToo =
        lookup
            .addresses(sending.target.host())
            .whenComplete((found, failure) -> {
              if (failure == null) {
                connect(sending, found);
              } else {
                status.completeExceptionally(failure);
              }
            });
    return status;
  }

  /** What is sent, and the status that comes back. */
  private record Sending(
      Target target, Map<String, String> headers, Buffer body, CompletableFuture<Integer> status) {}

  private void connect(Sending sending, List<InetAddress> addresses) {
    client
        .connect(
            HttpMethod.POST, sending.target, addresses, sending.headers, sending.status::isDone)
        .onFailure(sending.status::completeExceptionally)
        .onSuccess(request -> send(sending, request));
  }

  private static void send(Sending sending, HttpClientRequest request) {
    var unused = sending.status.whenComplete((status, failure) -> request.reset());
    if (sending.status.isDone()) { // while it waited for a connection
      return;
    }
    request
        .send(sending.body)
        .onFailure(sending.status::completeExceptionally)
        .onSuccess(response -> {
          response.exceptionHandler(e -> {}); // after the reset; it would be logged
          sending.status.complete(response.statusCode());
        });
  }

  @PreDestroy
  void close() {
    publicOnly.close();
    anyAddress.close();
  }
}
