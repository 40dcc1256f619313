package dev.glimpse.pull;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLException;

/** Sends HTTP requests, and follows redirects as far as {@link DownloadUrls} allows. */
public final class DownloadClient {

  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  /** How many redirects in a row are followed. */
  static final int MAX_REDIRECTS = 5;

  private final RetryPolicy retryPolicy;
  private final Optional<BearerToken> token;
  private final HttpClient client;

  /**
   * Creates a client; sends nothing.
   *
   * @param token sent to its own server only
   */
  public DownloadClient(RetryPolicy retryPolicy, Optional<BearerToken> token) {
    this.retryPolicy = retryPolicy;
    this.token = token;
    this.client =
        HttpClient.newBuilder()
            .version(Version.HTTP_1_1)
            .followRedirects(Redirect.NEVER) // get() checks each redirect
            .connectTimeout(retryPolicy.connect())
            .build();
  }

  RetryPolicy retryPolicy() {
    return retryPolicy;
  }

  /** Returns whether requests to this address carry the token. */
  boolean sendsTokenTo(URI address) {
    return token.filter(known -> known.isFor(address)).isPresent();
  }

  /**
   * Sends a GET, follows redirects, and returns the final response.
   *
   * @throws RetryableDownloadException if there was no response, and another attempt may bring one
   * @throws FetchException if another attempt would fail, too
   */
  HttpResponse<TimedBodySubscriber> get(URI requested, Map<String, String> headers)
      throws IOException, InterruptedException {
    URI address = requested;
    for (int i = 0; i <= MAX_REDIRECTS; i++) {
      DownloadUrls.require(requested, address);
      HttpResponse<TimedBodySubscriber> response = send("GET", address, headers);
      if (!isRedirect(response)) {
        return response;
      }
      response.body().cancel();
      address = target(response);
    }
    throw tooManyRedirects(requested);
  }

  /** Returns the exception for an address that redirects more than {@link #MAX_REDIRECTS} times. */
  static FetchException tooManyRedirects(URI requested) {
    return new FetchException(requested + " redirects more than " + MAX_REDIRECTS + " times.");
  }

  /** Sends a HEAD and returns the response, which may be a redirect. */
  HttpResponse<TimedBodySubscriber> head(URI address) throws IOException, InterruptedException {
    DownloadUrls.require(address, address);
    return send("HEAD", address, Map.of());
  }

  static boolean isRedirect(HttpResponse<?> response) {
    return REDIRECTS.contains(response.statusCode());
  }

  /** Returns the address that a response redirects to. */
  static URI target(HttpResponse<?> response) {
    String location = response.headers().firstValue("Location").orElse("");
    try {
      return response.uri().resolve(location);
    } catch (IllegalArgumentException e) {
      throw new FetchException(
          "%s redirects to \"%s\", which is not a valid address."
              .formatted(response.uri(), location),
          e);
    }
  }

  private HttpResponse<TimedBodySubscriber> send(
      String method, URI address, Map<String, String> headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .method(method, BodyPublishers.noBody())
            .timeout(retryPolicy.stall())
            .header("User-Agent", "glimpse")
            .header("Accept-Encoding", "identity");
    headers.forEach(request::header);
    // Decided for each address: a server that is redirected to must not receive the token.
    token
        .filter(known -> known.isFor(address))
        .ifPresent(known -> request.header("Authorization", known.header()));
    String host = address.getHost();
    try {
      return client.send(request.build(), info -> new TimedBodySubscriber(retryPolicy.stall()));
    } catch (HttpConnectTimeoutException e) {
      throw new FetchException(host + " cannot be reached: check the network connection.", e);
    } catch (HttpTimeoutException e) {
      throw new RetryableDownloadException("the server did not respond in time");
    } catch (ConnectException e) {
      throw new FetchException(
          isUnknown(e)
              ? host
                  + " is not known to DNS: check the address, and whether this machine is offline."
              : host
                  + " refused the connection: check the address, and whether this machine is"
                  + " offline.",
          e);
    } catch (SSLException e) {
      throw new FetchException(
          "No secure connection to " + host + " could be made: " + e.getMessage() + ".", e);
    } catch (IOException e) {
      throw new RetryableDownloadException("the connection was lost");
    }
  }

  private static boolean isUnknown(ConnectException failure) {
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException) {
        return true;
      }
    }
    return false;
  }
}
