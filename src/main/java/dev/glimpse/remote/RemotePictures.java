package dev.glimpse.remote;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.failure.ServingException;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Fetches pictures by URL, if that is switched on: from public addresses only, and from no other
 * than those that have been checked. No proxy, no cookies, no credentials; no thread waits for the
 * network, but for the few that look hosts up.
 */
@ApplicationScoped
public class RemotePictures {

  /** Requests hold places, so there never are so many. */
  private static final int CONNECTIONS = 4096;

  private final Vertx vertx;
  private final UrlRules rules;
  private final CheckedDnsLookup lookup;
  private final boolean enabled;
  private final long maxBytes;
  private final int redirects;
  private final Duration timeout;
  private @Nullable HttpClient client;

  RemotePictures(Vertx vertx, GlimpseConfig config, DnsResolver names, AddressRules addresses) {
    this.vertx = vertx;
    this.rules = new UrlRules(config.url());
    this.lookup = new CheckedDnsLookup(names, addresses);
    this.enabled = config.url().enabled();
    this.maxBytes = config.image().maxBytes().asLongValue();
    this.redirects = config.url().redirects();
    this.timeout = config.url().timeout();
  }

  /**
   * A picture that can be fetched. Looks at the URL only.
   *
   * @param field what holds the URL, as the client writes it
   * @return begins to fetch it, and returns at once; any thread may call it, once. The bytes may be
   *     no picture. Fails with a {@link ServingException}: UNFETCHED_PICTURE, TOO_LARGE,
   *     UNSUPPORTED_MEDIA_TYPE, DEADLINE_PASSED, OVERLOADED. Whoever completes it ends the fetch
   * @throws ServingException INVALID_PARAMETER if pictures are not fetched here, or not from there
   */
  public Supplier<CompletableFuture<byte[]>> at(String field, String url) {
    if (!enabled) {
      throw ServingException.invalid(
          field, "is not taken, because fetching pictures by URL is switched off here");
    }
    try {
      Target target = rules.check(url);
      return () -> fetch(target);
    } catch (IllegalArgumentException e) {
      throw ServingException.invalid(field, String.valueOf(e.getMessage()));
    }
  }

  private CompletableFuture<byte[]> fetch(Target target) {
    CompletableFuture<byte[]> picture =
        new ImageDownload(client(), rules, lookup, maxBytes, timeout, redirects).from(target);
    long timer =
        vertx.setTimer(
            timeout.toMillis(), id -> picture.completeExceptionally(Refusals.late(timeout)));
    var unused = picture.whenComplete((bytes, failure) -> vertx.cancelTimer(timer));
    return picture;
  }

  /** Made when it is needed first, as most services never do. */
  private synchronized HttpClient client() {
    HttpClient made = client;
    if (made == null) {
      made =
          vertx.createHttpClient(
              new HttpClientOptions()
                  .setProtocolVersion(HttpVersion.HTTP_1_1)
                  .setKeepAlive(false)
                  .setMaxPoolSize(CONNECTIONS)
                  .setVerifyHost(true)
                  .setDecompressionSupported(false));
      client = made;
    }
    return made;
  }

  @PreDestroy
  void close() {
    lookup.close();
  }
}
