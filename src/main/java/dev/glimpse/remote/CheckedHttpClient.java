package dev.glimpse.remote;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Connects to addresses that have been checked, and never resolves a host's name itself. Uses no
 * proxy, follows no redirect, and keeps no connection for a second request. Any thread may call it.
 */
final class CheckedHttpClient {

  private static final String USER_AGENT = "Glimpse";

  /** More addresses than public hosts have. */
  private static final int MOST_ADDRESSES = 4;

  private final Vertx vertx;
  private final int connections;
  private final Duration timeout;
  private @Nullable HttpClient client;

  /**
   * Connects to nothing yet.
   *
   * @param connections how many may be open to one host
   * @param timeout for connecting; each of a host's addresses gets an equal share of it
   */
  CheckedHttpClient(Vertx vertx, int connections, Duration timeout) {
    this.vertx = vertx;
    this.connections = connections;
    this.timeout = timeout;
  }

  /**
   * Connects to the first of these addresses that accepts a connection.
   *
   * @param target its host is for the certificate and the Host header only
   * @param found the host's addresses, checked, at least one; the first four are tried
   * @param headers of the request, besides User-Agent
   * @param abandoned whether no further address is to be tried, as nothing waits any more
   * @return a request to be sent; fails as the last address does
   */
  Future<HttpClientRequest> connect(
      HttpMethod method,
      Target target,
      List<InetAddress> found,
      Map<String, String> headers,
      BooleanSupplier abandoned) {
    List<InetAddress> addresses = found.subList(0, Math.min(found.size(), MOST_ADDRESSES));
    RequestOptions options =
        new RequestOptions()
            .setMethod(method)
            .setSsl(target.secure())
            .setHost(target.host())
            .setPort(target.port())
            .setConnectTimeout(Math.max(1, timeout.toMillis() / addresses.size()))
            .setURI(target.path())
            .setFollowRedirects(false)
            .putHeader(HttpHeaders.USER_AGENT, USER_AGENT);
    headers.forEach(options::putHeader);
    return connect(options, addresses, 0, abandoned);
  }

  private Future<HttpClientRequest> connect(
      RequestOptions options, List<InetAddress> addresses, int number, BooleanSupplier abandoned) {
    if (abandoned.getAsBoolean()) {
      return Future.failedFuture("abandoned");
    }
    InetSocketAddress address = new InetSocketAddress(addresses.get(number), options.getPort());
    return client()
        .request(new RequestOptions(options).setServer(SocketAddress.inetSocketAddress(address)))
        .recover(failure ->
            number + 1 < addresses.size()
                ? connect(options, addresses, number + 1, abandoned)
                : Future.failedFuture(failure));
  }

  /** Creates the client when it is first needed, because most services never need it. */
  private synchronized HttpClient client() {
    HttpClient created = client;
    if (created == null) {
      created =
          vertx.createHttpClient(
              new HttpClientOptions()
                  .setProtocolVersion(HttpVersion.HTTP_1_1)
                  .setKeepAlive(false)
                  .setMaxPoolSize(connections)
                  .setVerifyHost(true)
                  .setDecompressionSupported(false));
      client = created;
    }
    return created;
  }
}
