package dev.glimpse.remote;

import dev.glimpse.failure.ServingException;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** One picture's way here, over as many redirects as may be; every step is checked as the first. */
final class Fetch {

  private static final String USER_AGENT = "Glimpse";

  private final HttpClient client;
  private final UrlRules rules;
  private final Lookup lookup;
  private final long maxBytes;
  private final CompletableFuture<byte[]> result = new CompletableFuture<>();
  private int redirectsLeft;
  private volatile @Nullable HttpClientRequest request;

  Fetch(HttpClient client, UrlRules rules, Lookup lookup, long maxBytes, int redirects) {
    this.client = client;
    this.rules = rules;
    this.lookup = lookup;
    this.maxBytes = maxBytes;
    this.redirectsLeft = redirects;
    var unused = result.whenComplete((bytes, failure) -> hangUp());
  }

  /** Begins. Whoever completes what it returns ends the fetch. */
  CompletableFuture<byte[]> from(Target target) {
    goTo(target);
    return result;
  }

  private void goTo(Target target) {
    var unused =
        lookup
            .addresses(target.host())
            .whenComplete((addresses, failure) -> {
              if (failure == null) {
                connect(target, addresses, 0);
              } else {
                fail(failure);
              }
            });
  }

  /** To the very address that has been checked; the name is for the certificate and the server. */
  private void connect(Target target, List<InetAddress> addresses, int number) {
    if (result.isDone()) {
      return;
    }
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setSsl(target.secure())
            .setHost(target.host())
            .setPort(target.port())
            .setServer(
                SocketAddress.inetSocketAddress(
                    new InetSocketAddress(addresses.get(number), target.port())))
            .setURI(target.path())
            .setFollowRedirects(false)
            .putHeader(HttpHeaders.USER_AGENT, USER_AGENT)
            .putHeader(HttpHeaders.ACCEPT, "image/*, application/octet-stream;q=0.5")
            .putHeader(HttpHeaders.ACCEPT_ENCODING, "identity");
    client
        .request(options)
        .onFailure(e -> {
          if (number + 1 < addresses.size()) {
            connect(target, addresses, number + 1);
          } else {
            fail(e);
          }
        })
        .onSuccess(connected -> {
          request = connected;
          if (result.isDone()) {
            hangUp(); // meanwhile: nobody else would
            return;
          }
          connected
              .send()
              .onFailure(this::fail)
              .onSuccess(response -> answered(target, connected, response));
        });
  }

  private void answered(Target target, HttpClientRequest sent, HttpClientResponse response) {
    response.exceptionHandler(e -> {}); // of a reset that is our own, and would be logged
    int status = response.statusCode();
    String location = response.getHeader(HttpHeaders.LOCATION);
    if (status / 100 == 3 && status != 304 && location != null) {
      request = null;
      sent.reset();
      redirected(target, location);
    } else if (status == 200) {
      new Download(response, maxBytes, result).begin();
    } else {
      result.completeExceptionally(Refusals.notThere());
    }
  }

  private void redirected(Target from, String location) {
    if (redirectsLeft-- <= 0) {
      fail(new IllegalStateException("too many redirects"));
      return;
    }
    Target next;
    try {
      next = rules.check(URI.create(from.url()).resolve(location).toString());
    } catch (IllegalArgumentException e) {
      fail(e);
      return;
    }
    goTo(next);
  }

  private void fail(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    result.completeExceptionally(
        cause instanceof ServingException ours ? ours : Refusals.unreachable());
  }

  private void hangUp() {
    HttpClientRequest sent = request;
    if (sent != null) {
      sent.reset();
    }
  }
}
