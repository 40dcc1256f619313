package dev.glimpse.remote;

import dev.glimpse.bytes.Bytes;
import dev.glimpse.bytes.NativeBlocks;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.failure.ServingException;
import dev.glimpse.memory.RequestMemory;
import dev.glimpse.memory.Reservation;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Downloads images by URL, if that is switched on: from public addresses only, and only from those
 * that have been checked. Uses no proxy, cookies or credentials; no thread waits for the network,
 * except those that resolve host names.
 */
@ApplicationScoped
public class RemoteImages {

  /** More than there are requests, which hold slots. */
  private static final int CONNECTIONS = 4096;

  private final Vertx vertx;
  private final UrlRules rules;
  private final CheckedDnsLookup lookup;
  private final NativeBlocks blocks;
  private final boolean enabled;
  private final long maxBytes;
  private final int redirects;
  private final Duration timeout;
  private final CheckedHttpClient client;

  RemoteImages(
      Vertx vertx,
      GlimpseConfig config,
      DnsResolver names,
      AddressRules addresses,
      RequestMemory memory) {
    this.vertx = vertx;
    this.rules = new UrlRules(config.url());
    this.lookup = new CheckedDnsLookup(names, addresses);
    this.blocks = memory.blocks();
    this.enabled = config.url().enabled();
    this.maxBytes = config.image().maxBytes().asLongValue();
    this.redirects = config.url().redirects();
    this.timeout = config.url().timeout();
    this.client = new CheckedHttpClient(vertx, CONNECTIONS, timeout);
  }

  /**
   * Prepares the download of an image. Checks the URL, without using the network.
   *
   * @param field the name of the field that holds the URL, for errors
   * @return starts the download, and returns at once; any thread may call it, once. The bytes need
   *     not be an image. Fails with a {@link ServingException}: UNFETCHED_PICTURE, TOO_LARGE,
   *     UNSUPPORTED_MEDIA_TYPE, DEADLINE_PASSED, OVERLOADED. Completing it cancels the download;
   *     the caller closes what it has been completed with
   * @throws ServingException INVALID_PARAMETER if fetching is switched off, or this URL is not
   *     allowed
   */
  public Function<Reservation, CompletableFuture<Bytes>> at(String field, String url) {
    if (!enabled) {
      throw ServingException.invalid(
          field,
          "is not accepted, because fetching images by URL is switched off (glimpse.url.enabled)");
    }
    try {
      Target target = rules.check(url);
      return memory -> fetch(target, memory);
    } catch (IllegalArgumentException e) {
      throw ServingException.invalid(field, String.valueOf(e.getMessage()));
    }
  }

  private CompletableFuture<Bytes> fetch(Target target, Reservation memory) {
    CompletableFuture<Bytes> image =
        new ImageDownload(client, rules, lookup, blocks, maxBytes, redirects).from(target, memory);
    long timer =
        vertx.setTimer(
            timeout.toMillis(), id -> image.completeExceptionally(DownloadErrors.late(timeout)));
    var unused = image.whenComplete((bytes, failure) -> vertx.cancelTimer(timer));
    return image;
  }

  @PreDestroy
  void close() {
    lookup.close();
  }
}
