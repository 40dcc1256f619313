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

/** Asks servers, and follows where they lead as far as {@link DownloadUrls} allows. */
public final class DownloadClient {

  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final int MOST_REDIRECTS = 5;

  private final RetryPolicy patience;
  private final Optional<BearerToken> login;
  private final HttpClient client;

  /**
   * Asks nobody yet.
   *
   * @param login for the one server that is to hear of it
   */
  public DownloadClient(RetryPolicy patience, Optional<BearerToken> login) {
    this.patience = patience;
    this.login = login;
    this.client =
        HttpClient.newBuilder()
            .version(Version.HTTP_1_1)
            .followRedirects(Redirect.NEVER) // each is looked at
            .connectTimeout(patience.connect())
            .build();
  }

  RetryPolicy patience() {
    return patience;
  }

  /** Whether a server hears who asks. */
  boolean isKnownAt(URI address) {
    return login.filter(known -> known.isFor(address)).isPresent();
  }

  /**
   * The answer to a GET, wherever it was redirected to.
   *
   * @throws RetryableDownloadException if the server did not answer, and may another time
   */
  HttpResponse<TimedBodySubscriber> get(URI asked, Map<String, String> headers)
      throws IOException, InterruptedException {
    URI address = asked;
    for (int i = 0; i <= MOST_REDIRECTS; i++) {
      DownloadUrls.require(asked, address);
      HttpResponse<TimedBodySubscriber> answer = send("GET", address, headers);
      if (!isRedirect(answer)) {
        return answer;
      }
      answer.body().cancel();
      address = target(answer);
    }
    throw new FetchException(asked + " redirects more than " + MOST_REDIRECTS + " times.");
  }

  /** The answer to a HEAD, which may be a redirect. */
  HttpResponse<TimedBodySubscriber> head(URI address) throws IOException, InterruptedException {
    DownloadUrls.require(address, address);
    return send("HEAD", address, Map.of());
  }

  static boolean isRedirect(HttpResponse<?> answer) {
    return REDIRECTS.contains(answer.statusCode());
  }

  /** Where an answer redirects to. */
  static URI target(HttpResponse<?> answer) {
    String location = answer.headers().firstValue("Location").orElse("");
    try {
      return answer.uri().resolve(location);
    } catch (IllegalArgumentException e) {
      throw new FetchException(
          "%s redirects to \"%s\", which is no address.".formatted(answer.uri(), location), e);
    }
  }

  private HttpResponse<TimedBodySubscriber> send(
      String method, URI address, Map<String, String> headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .method(method, BodyPublishers.noBody())
            .timeout(patience.stall())
            .header("User-Agent", "glimpse")
            .header("Accept-Encoding", "identity");
    headers.forEach(request::header);
    // At each address by itself: whom a server redirects to has nothing to do with it.
    login
        .filter(known -> known.isFor(address))
        .ifPresent(known -> request.header("Authorization", known.header()));
    String host = address.getHost();
    try {
      return client.send(request.build(), info -> new TimedBodySubscriber(patience.stall()));
    } catch (HttpConnectTimeoutException e) {
      throw new FetchException(host + " cannot be reached: is this machine offline?", e);
    } catch (HttpTimeoutException e) {
      throw new RetryableDownloadException("it did not answer in time");
    } catch (ConnectException e) {
      throw new FetchException(
          isUnknown(e)
              ? "There is no finding " + host + ": is this machine offline?"
              : host + " cannot be reached: it is down, or this machine is offline.",
          e);
    } catch (SSLException e) {
      throw new FetchException(
          "There is no safe connection to " + host + ": " + e.getMessage() + ".", e);
    } catch (IOException e) {
      throw new RetryableDownloadException("the connection broke");
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
