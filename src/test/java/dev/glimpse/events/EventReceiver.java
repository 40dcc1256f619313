package dev.glimpse.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.message.MessageReader;
import io.cloudevents.http.HttpMessageFactory;
import io.cloudevents.jackson.JsonFormat;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Receives events with the SDK of CloudEvents, and fails, waits or goes away as it is told. */
final class EventReceiver implements AutoCloseable {

  static final ObjectMapper JSON = new ObjectMapper();

  private static final String BATCH = "application/cloudevents-batch+json";
  private static final int FREE = 1 << 20;

  private final List<CloudEvent> events = new CopyOnWriteArrayList<>();
  private final List<String> headers = new CopyOnWriteArrayList<>();
  private final Set<InetSocketAddress> clients = ConcurrentHashMap.newKeySet();
  private final Queue<String> faults = new ConcurrentLinkedQueue<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Semaphore mayAnswer = new Semaphore(FREE);
  private final HttpServer server;
  private volatile int status = 202;
  private final AtomicInteger answered = new AtomicInteger();
  private volatile String retryAfter = "";

  private EventReceiver(HttpServer server, int port) throws IOException {
    this.server = server;
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(threads);
    server.createContext("/", this::receive);
    server.start();
  }

  static EventReceiver start() throws IOException {
    return new EventReceiver(HttpServer.create(), 0);
  }

  /**
   * Starts one that speaks TLS.
   *
   * @param port 0 is any free one
   * @param store a key and a certificate; its password is {@code changeit}
   */
  static EventReceiver startTls(int port, Path store) throws Exception {
    char[] password = "changeit".toCharArray();
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(KeyStore.getInstance(store.toFile(), password), password);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(keys.getKeyManagers(), null, null);
    HttpsServer server = HttpsServer.create();
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    return new EventReceiver(server, port);
  }

  int port() {
    return server.getAddress().getPort();
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + port() + "/events?tenant=1");
  }

  /** Answers with this status from now on; events are kept only with one of success. */
  void answerWith(int next) {
    status = next;
  }

  /** Answers to nothing until {@link #resume}. */
  void hold() {
    mayAnswer.drainPermits();
  }

  void resume() {
    mayAnswer.release(FREE);
  }

  /** Returns the events that it has accepted. */
  List<CloudEvent> events() {
    return List.copyOf(events);
  }

  /** Answers with this {@code Retry-After} from now on. */
  void retryAfter(String value) {
    retryAfter = value;
  }

  /** Returns the addresses and ports of those who have connected. */
  Set<InetSocketAddress> clients() {
    return Set.copyOf(clients);
  }

  /** Returns all request headers, a line each. */
  List<String> headers() {
    return List.copyOf(headers);
  }

  /** Returns how many requests were answered, with whatever status. */
  int answered() {
    return answered.get();
  }

  /** Returns what could not be read. */
  List<String> faults() {
    return List.copyOf(faults);
  }

  static JsonNode data(CloudEvent event) throws IOException {
    return JSON.readTree(event.getData().toBytes());
  }

  private void receive(HttpExchange exchange) throws IOException {
    try (exchange) {
      clients.add(exchange.getRemoteAddress());
      byte[] body = exchange.getRequestBody().readAllBytes();
      exchange
          .getRequestHeaders()
          .forEach((name, values) -> headers.add(name.toLowerCase(Locale.ROOT) + ": " + values));
      mayAnswer.acquireUninterruptibly();
      mayAnswer.release();
      int now = status;
      if (now / 100 == 2) {
        events.addAll(read(exchange, body));
      }
      answered.incrementAndGet();
      if (!retryAfter.isEmpty()) {
        exchange.getResponseHeaders().set("Retry-After", retryAfter);
      }
      exchange.sendResponseHeaders(now, -1);
    } catch (RuntimeException e) {
      faults.add(e.toString());
      throw e;
    }
  }

  private static List<CloudEvent> read(HttpExchange exchange, byte[] body) throws IOException {
    String type = exchange.getRequestHeaders().getFirst("Content-Type");
    if (!type.startsWith(BATCH)) {
      MessageReader reader =
          HttpMessageFactory.createReaderFromMultimap(exchange.getRequestHeaders(), body);
      return List.of(reader.toEvent());
    }
    List<CloudEvent> batch = new ArrayList<>(); // the SDK reads one event of it at a time
    for (JsonNode event : JSON.readTree(body)) {
      batch.add(new JsonFormat().deserialize(JSON.writeValueAsBytes(event)));
    }
    return batch;
  }

  @Override
  public void close() {
    resume();
    server.stop(0);
    threads.shutdownNow();
  }
}
