package dev.glimpse.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.bytes.Bytes;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.memory.MemoryBudget;
import dev.glimpse.memory.RequestMemory;
import dev.glimpse.support.Configs;
import dev.glimpse.tracing.TraceContext;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Downloads images from a server on loopback, which the rules of this test allow. */
@Timeout(60)
class RemoteImagesTest {

  private static final byte[] IMAGE = {1, 2, 3, 4, 5};

  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger lookUps = new AtomicInteger();
  private final RequestMemory memory = new RequestMemory(Configs.defaults());
  private ImageServer server;

  @BeforeEach
  void open() throws Exception {
    server = new ImageServer();
  }

  @AfterEach
  void close() throws Exception {
    server.close();
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  /** The first look-up returns this server, the next ones another address of this machine. */
  private List<InetAddress> resolve(String host) throws UnknownHostException {
    if (host.equals("inside.test")) {
      return List.of(InetAddress.getAllByName("127.0.0.2")[0]);
    }
    return List.of(
        InetAddress.getAllByName(lookUps.getAndIncrement() == 0 ? "127.0.0.1" : "127.0.0.2")[0]);
  }

  @Test
  void anImage() throws Exception {
    server.image("/daisy.png?a=%20b", IMAGE);

    assertThat(fetch("http://Images.test:PORT/daisy.png?a=%20b#c").get().toArray())
        .isEqualTo(IMAGE);
    assertThat(server.connections).hasValue(1);
    assertThat(lookUps).as("the connection goes to the address that was checked").hasValue(1);
    assertThat(server.lastRequest.toLowerCase(java.util.Locale.ROOT))
        .startsWith("get /daisy.png?a=%20b http/1.1\r\n")
        .contains("host: images.test:" + server.port() + "\r\n", "user-agent: glimpse\r\n")
        .doesNotContain("cookie", "authorization", "proxy", "referer", "traceparent");
  }

  /** The host of the image takes part in the request's trace. */
  @Test
  void traceGoesAlong() throws Exception {
    String traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    TraceContext trace =
        new TraceContext(
            "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", true, traceparent, "a=1");
    server.image("/daisy.png", IMAGE);

    CompletableFuture<Bytes> image = trace.call(() -> fetch("http://images.test:PORT/daisy.png"));

    assertThat(image.get().toArray()).isEqualTo(IMAGE);
    assertThat(server.lastRequest.toLowerCase(java.util.Locale.ROOT))
        .contains("\r\ntraceparent: " + traceparent + "\r\n", "\r\ntracestate: a=1\r\n");
  }

  @Test
  void aLargeImageLiesInNativeMemoryUntilItIsClosed() throws Exception {
    byte[] large = new byte[200_000];
    Arrays.fill(large, (byte) 7);
    server.image("/large.png", large);

    Bytes image =
        fetch(Map.of("glimpse.image.max-bytes", "300K"), "http://images.test:PORT/large.png").get();
    assertThat(image.isNative()).isTrue();
    assertThat(image.toArray()).isEqualTo(large);
    assertThat(memory.blocks().lent()).isPositive();
    image.close();
    assertThat(memory.blocks().lent()).isZero();
  }

  @Test
  void usesNoProxy() throws Exception {
    server.image("/a.png", IMAGE);
    try (ImageServer proxy = new ImageServer()) {
      for (String scheme : List.of("http", "https", "socks")) {
        System.setProperty(
            scheme.equals("socks") ? "socksProxyPort" : scheme + ".proxyPort", "" + proxy.port());
        System.setProperty(
            scheme.equals("socks") ? "socksProxyHost" : scheme + ".proxyHost", "127.0.0.1");
      }
      assertThat(fetch("http://images.test:PORT/a.png").get().toArray()).isEqualTo(IMAGE);
      assertThat(proxy.connections).hasValue(0);
    } finally {
      for (String scheme : List.of("http.proxy", "https.proxy", "socksProxy")) {
        System.clearProperty(scheme + "Port");
        System.clearProperty(scheme + "Host");
      }
    }
  }

  /** Amazon S3 uses this Content-Type by default. */
  @Test
  void anImageWithAGenericContentType() throws Exception {
    server.at("/a", "200 OK\r\nContent-Type: binary/octet-stream\r\nContent-Length: 5", IMAGE);
    assertThat(fetch("http://images.test:PORT/a").get().toArray()).isEqualTo(IMAGE);
  }

  @Test
  void triesTheNextAddressIfOneIsClosed() throws Exception {
    server.image("/a.png", IMAGE);
    assertThat(
            fetch(
                    "http://images.test:PORT/a.png",
                    host ->
                        List.of(
                            InetAddress.getAllByName("127.0.0.3")[0],
                            InetAddress.getAllByName("127.0.0.1")[0]))
                .get()
                .toArray())
        .isEqualTo(IMAGE);
  }

  @Test
  void anImageWithoutContentLength() throws Exception {
    server.at("/a", "200 OK\r\nContent-Type: Image/PNG\r\nConnection: close", IMAGE);
    assertThat(fetch("http://images.test:PORT/a").get().toArray()).isEqualTo(IMAGE);
  }

  @Test
  void aRedirectOnTheSameServer() throws Exception {
    server.redirect("/a", "b/../c").image("/c", IMAGE);
    assertThat(
            fetch("http://127.0.0.1:PORT/a", host -> List.of(InetAddress.getAllByName(host)[0]))
                .get()
                .toArray())
        .isEqualTo(IMAGE);
    assertThat(server.connections).hasValue(2);
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.2:PORT/image",
    "http://inside.test:PORT/image",
    "http://images.test:PORT/image", // which now resolves to another address
    "//127.0.0.2:PORT/image",
    "http://[::1]:PORT/image",
    "http://2130706433:PORT/image",
    "http://0177.0.0.1:PORT/image",
    "http://user@images.test:PORT/image",
    "http://localhost:PORT/image",
    "http://169.254.169.254/latest/meta-data/",
    "http://images.test:22/image",
    "file:///etc/passwd",
    "gopher://127.0.0.1:PORT/image",
    "http://exa mple.test/image",
    "http:///image",
  })
  void doesNotFollowARedirectToAnInternalAddress(String to) throws Exception {
    server.redirect("/a", to.replace("PORT", "" + server.port())).image("/image", IMAGE);

    assertThat(failure(fetch("http://images.test:PORT/a"))).isEqualTo(Failure.UNFETCHED_PICTURE);
    assertThat(server.connections).hasValue(1);
  }

  @Test
  void followsThreeRedirectsAtMost() throws Exception {
    server.redirect("/a", "/b").redirect("/b", "/a");

    assertThat(
            failure(
                fetch(
                    "http://127.0.0.1:PORT/a", host -> List.of(InetAddress.getAllByName(host)[0]))))
        .isEqualTo(Failure.UNFETCHED_PICTURE);
    assertThat(server.connections).hasValue(4); // the first request and three redirects
  }

  @Test
  void rejectsAnImageThatIsTooLarge() throws Exception {
    server
        .at("/announced", "200 OK\r\nContent-Type: image/png\r\nContent-Length: 1001", new byte[1])
        .at(
            "/unannounced",
            "200 OK\r\nContent-Type: image/png\r\nConnection: close",
            new byte[1001]);

    assertThat(failure(fetch("http://127.0.0.1:PORT/announced"))).isEqualTo(Failure.TOO_LARGE);
    lookUps.set(0);
    assertThat(failure(fetch("http://127.0.0.1:PORT/unannounced"))).isEqualTo(Failure.TOO_LARGE);
  }

  @ParameterizedTest
  @CsvSource({
    "404 Not Found|Content-Length: 0, UNFETCHED_PICTURE",
    "500 Oh|Content-Length: 0, UNFETCHED_PICTURE",
    "204 No Content|X: y, UNFETCHED_PICTURE",
    "304 Not Modified|X: y, UNFETCHED_PICTURE",
    "302 Found|Content-Length: 0, UNFETCHED_PICTURE",
    "200 OK|Content-Type: text/html|Content-Length: 0, UNSUPPORTED_MEDIA_TYPE",
    "200 OK|Content-Length: 0, UNSUPPORTED_MEDIA_TYPE",
    "200 OK|Content-Type: image/png|Content-Encoding: gzip|Content-Length: 0,"
        + " UNSUPPORTED_MEDIA_TYPE",
    "200 OK|Content-Type: image/png|Content-Length: 9, UNFETCHED_PICTURE",
    "200 OK|Content-Type: image/png|Transfer-Encoding: chunked, UNFETCHED_PICTURE",
  })
  void rejectsAResponseThatIsNoImage(String head, Failure failure) throws Exception {
    server.at("/a", head.replace("|", "\r\n"), new byte[0]);
    assertThat(failure(fetch("http://images.test:PORT/a"))).isEqualTo(failure);
  }

  @Test
  void givesUpOnAServerThatStalls() throws Exception {
    server.at("/first", "200 OK\r\nContent-Type: text/html\r\nContent-Length: 0", new byte[0]);
    failure(fetch("http://a.test:PORT/first")); // loads the client's classes, which takes time
    lookUps.set(0);
    server.stall("/stall");

    assertThat(failure(fetch(Map.of("glimpse.url.timeout", "1s"), "http://a.test:PORT/stall")))
        .isEqualTo(Failure.DEADLINE_PASSED);
    assertThat(server.disconnected("/stall").await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void completingTheFutureCancelsTheDownload() throws Exception {
    server.stall("/stall");
    CompletableFuture<Bytes> image = fetch("http://a.test:PORT/stall");
    assertThat(server.stalling("/stall").await(10, TimeUnit.SECONDS)).isTrue();
    image.cancel(false);

    assertThat(server.disconnected("/stall").await(10, TimeUnit.SECONDS)).isTrue();
    assertThatThrownBy(image::join).isInstanceOf(CancellationException.class);
  }

  @Test
  void aServerWithoutTlsIsUnreachable() {
    assertThat(failure(fetch("https://a.test:PORT/"))).isEqualTo(Failure.UNFETCHED_PICTURE);
  }

  @Test
  void rejectsUrlsIfSwitchedOff() {
    RemoteImages off =
        new RemoteImages(
            vertx,
            Configs.defaults(),
            this::resolve,
            new LoopbackToo(),
            new RequestMemory(Configs.defaults()));

    assertThatThrownBy(() -> off.at("image.url", "https://example.com/"))
        .isInstanceOfSatisfying(
            ServingException.class,
            e -> {
              assertThat(e.failure()).isEqualTo(Failure.INVALID_PARAMETER);
              assertThat(e.detail()).contains("switched off");
            });
  }

  private CompletableFuture<Bytes> fetch(String url) {
    return fetch(url, this::resolve);
  }

  private CompletableFuture<Bytes> fetch(Map<String, String> settings, String url) {
    return fetch(settings, url, this::resolve);
  }

  private CompletableFuture<Bytes> fetch(String url, DnsResolver names) {
    return fetch(Map.of(), url, names);
  }

  private CompletableFuture<Bytes> fetch(
      Map<String, String> settings, String url, DnsResolver names) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("glimpse.url.enabled", "true");
    all.put("glimpse.url.http", "true");
    all.put("glimpse.url.ports", "" + server.port());
    all.putIfAbsent("glimpse.image.max-bytes", "1000");
    return new RemoteImages(vertx, Configs.of(all), names, new LoopbackToo(), memory)
        .at("image.url", url.replace("PORT", "" + server.port()))
        .apply(new MemoryBudget(1 << 20).open());
  }

  private static Failure failure(CompletableFuture<Bytes> image) {
    try {
      image.join();
    } catch (CompletionException e) {
      return ((ServingException) e.getCause()).failure();
    }
    throw new AssertionError("was fetched");
  }
}
