package dev.glimpse.support;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** Receives spans as an OpenTelemetry collector does: OTLP, in protobuf over HTTP. */
public final class OtlpReceiver implements AutoCloseable {

  private final List<ExportTraceServiceRequest> requests = new CopyOnWriteArrayList<>();
  private final List<Map<String, List<String>>> headers = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final HttpServer server;
  private final AtomicInteger refused = new AtomicInteger();
  private volatile int status;
  private volatile boolean hangs;

  /** Starts a receiver at any free port, which takes all spans. */
  public OtlpReceiver() throws IOException {
    this(0, 200);
  }

  /**
   * Starts a receiver.
   *
   * @param port 0 for any that is free
   * @param status of its answers; only spans that are answered with 200 are kept
   */
  public OtlpReceiver(int port, int status) throws IOException {
    this(HttpServer.create(loopback(port), 100), status);
  }

  private OtlpReceiver(HttpServer server, int status) {
    this.status = status;
    this.server = server;
    server.setExecutor(threads);
    server.createContext("/v1/traces", this::receive);
    server.start();
  }

  /**
   * Starts a receiver that speaks TLS, at any free port, and takes all spans.
   *
   * @param own its certificate and key
   * @param trusted the certificates of clients; null: a client needs none
   */
  public static OtlpReceiver withTls(KeyManager[] own, TrustManager @Nullable [] trusted)
      throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own, trusted, null);
    HttpsServer server = HttpsServer.create(loopback(0), 100);
    server.setHttpsConfigurator(
        new HttpsConfigurator(context) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters asked = context.getDefaultSSLParameters();
            asked.setNeedClientAuth(trusted != null);
            parameters.setSSLParameters(asked);
          }
        });
    return new OtlpReceiver(server, 200);
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public String endpoint() {
    return (server instanceof HttpsServer ? "https" : "http") + "://localhost:" + port();
  }

  /** Answers later requests with this status. */
  public void answer(int later) {
    status = later;
  }

  /** Leaves later requests without an answer. */
  public void hang() {
    hangs = true;
  }

  /** Returns how many requests were answered with something else than 200. */
  public int refused() {
    return refused.get();
  }

  /** Returns the headers of the requests, by their names in lower case. */
  public List<Map<String, List<String>>> headers() {
    return List.copyOf(headers);
  }

  /** Returns the attributes of the service that has sent the first request. */
  public Map<String, String> resource() {
    return attributes(requests.get(0).getResourceSpans(0).getResource().getAttributesList());
  }

  /** Returns all spans, in the order of their arrival. */
  public List<Span> spans() {
    return requests.stream()
        .flatMap(request -> request.getResourceSpansList().stream())
        .map(ResourceSpans::getScopeSpansList)
        .flatMap(List::stream)
        .flatMap(scope -> scope.getSpansList().stream())
        .toList();
  }

  public static Map<String, String> attributes(Span span) {
    return attributes(span.getAttributesList());
  }

  private static Map<String, String> attributes(List<KeyValue> attributes) {
    return attributes.stream()
        .collect(
            Collectors.toMap(
                KeyValue::getKey,
                pair ->
                    pair.getValue().hasIntValue()
                        ? Long.toString(pair.getValue().getIntValue())
                        : pair.getValue().getStringValue()));
  }

  /** Returns an id as headers have it. */
  public static String hex(com.google.protobuf.ByteString id) {
    return HexFormat.of().formatHex(id.toByteArray());
  }

  private void receive(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    if (hangs) {
      waitForTheEnd();
      exchange.close();
      return;
    }
    int answer = status;
    if (answer == 200) {
      headers.add(
          exchange.getRequestHeaders().entrySet().stream()
              .collect(
                  Collectors.toMap(
                      header -> header.getKey().toLowerCase(java.util.Locale.ROOT),
                      Map.Entry::getValue)));
      boolean gzip = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
      requests.add(ExportTraceServiceRequest.parseFrom(gzip ? inflated(body) : body));
      exchange.sendResponseHeaders(200, -1);
    } else {
      exchange.sendResponseHeaders(answer, -1);
      refused.incrementAndGet();
    }
    exchange.close();
  }

  private static byte[] inflated(byte[] body) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
      return in.readAllBytes();
    }
  }

  private void waitForTheEnd() {
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
