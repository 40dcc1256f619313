package dev.glimpse.remote;

import dev.glimpse.bytes.Bytes;
import dev.glimpse.bytes.NativeBlocks;
import dev.glimpse.failure.AsyncFailures;
import dev.glimpse.failure.ServingException;
import dev.glimpse.memory.Reservation;
import dev.glimpse.metrics.LogContext;
import dev.glimpse.tracing.TraceContext;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.net.InetAddress;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Downloads one image, and checks each redirect as it checks the first URL. */
final class ImageDownload {

  private static final Logger LOG = Logger.getLogger(ImageDownload.class);

  private final CheckedHttpClient client;
  private final UrlRules rules;
  private final CheckedDnsLookup lookup;
  private final NativeBlocks blocks;
  private final long maxBytes;
  private final LogContext logContext = LogContext.capture();
  private final @Nullable TraceContext trace = TraceContext.current();
  private final CompletableFuture<Bytes> result = new CompletableFuture<>();
  private volatile @Nullable Reservation memory;
  private int redirectsLeft;
  private volatile @Nullable CompletableFuture<List<InetAddress>> lookingUp;
  private volatile @Nullable HttpClientRequest request;

  /**
   * Creates a download that has not started.
   *
   * @param redirects how many to follow at most
   */
  ImageDownload(
      CheckedHttpClient client,
      UrlRules rules,
      CheckedDnsLookup lookup,
      NativeBlocks blocks,
      long maxBytes,
      int redirects) {
    this.client = client;
    this.rules = rules;
    this.lookup = lookup;
    this.blocks = blocks;
    this.maxBytes = maxBytes;
    this.redirectsLeft = redirects;
    var unused = result.whenComplete((bytes, failure) -> abort());
  }

  /**
   * Starts the download. Completing the returned future cancels it.
   *
   * @param reserved the reservation for the image's memory
   */
  CompletableFuture<Bytes> from(Target target, Reservation reserved) {
    memory = reserved;
    goTo(target);
    return result;
  }

  private void goTo(Target target) {
    CompletableFuture<List<InetAddress>> addresses = lookup.addresses(target.host());
    lookingUp = addresses;
    var unused =
        addresses.whenComplete((found, failure) -> {
          if (failure == null) {
            connect(target, found);
          } else {
            fail(target, failure);
          }
        });
    if (result.isDone()) {
      abort(); // the result was completed meanwhile, when there was nothing to abort yet
    }
  }

  private void connect(Target target, List<InetAddress> addresses) {
    client
        .connect(HttpMethod.GET, target, addresses, headers(), result::isDone)
        .onFailure(e -> fail(target, e))
        .onSuccess(connected -> {
          request = connected;
          if (result.isDone()) {
            abort(); // the result was completed meanwhile, when there was nothing to abort yet
            return;
          }
          connected
              .send()
              .onFailure(e -> fail(target, e))
              .onSuccess(response -> onResponse(target, connected, response));
        });
  }

  private Map<String, String> headers() {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Accept", "image/*, application/octet-stream;q=0.5");
    headers.put("Accept-Encoding", "identity");
    if (trace != null) {
      trace.write(headers::put);
    }
    return headers;
  }

  private void onResponse(Target target, HttpClientRequest sent, HttpClientResponse response) {
    response.exceptionHandler(e -> {}); // after a reset of our own; it would be logged
    int status = response.statusCode();
    String location = response.getHeader(HttpHeaders.LOCATION);
    if (status / 100 == 3 && status != 304 && location != null) {
      request = null;
      sent.reset();
      followRedirect(target, location);
    } else if (status == 200) {
      new BoundedBody(response, blocks, maxBytes, Objects.requireNonNull(memory), result).begin();
    } else {
      result.completeExceptionally(DownloadErrors.notThere());
    }
  }

  private void followRedirect(Target from, String location) {
    if (redirectsLeft-- <= 0) {
      fail(from, new IllegalStateException("too many redirects"));
      return;
    }
    Target next;
    try {
      next = rules.check(URI.create(from.url()).resolve(location).toString());
      if (from.secure() && !next.secure()) {
        throw new IllegalArgumentException("leads from https to http");
      }
    } catch (IllegalArgumentException e) {
      fail(from, e);
      return;
    }
    goTo(next);
  }

  /** Fails with the same message for every cause, and logs the cause for the operator. */
  private void fail(Target target, Throwable failure) {
    if (result.isDone()) {
      return; // nothing waits for the result any more
    }
    Throwable cause = AsyncFailures.cause(failure);
    logContext.run(
        () -> LOG.debugf("No image from %s, port %d: %s", target.host(), target.port(), cause));
    result.completeExceptionally(
        cause instanceof ServingException known ? known : DownloadErrors.unreachable());
  }

  private void abort() {
    CompletableFuture<List<InetAddress>> addresses = lookingUp;
    if (addresses != null) {
      addresses.cancel(false); // a look-up that is still queued is not needed any more
    }
    HttpClientRequest sent = request;
    if (sent != null) {
      sent.reset();
    }
  }
}
