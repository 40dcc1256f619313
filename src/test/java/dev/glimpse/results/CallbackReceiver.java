package dev.glimpse.results;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Receives results, verifies their signatures, and now and then answers with 503. */
final class CallbackReceiver implements AutoCloseable {

  static final String SECRET = "a-secret-of-the-receiver";

  /** A delivery that was acknowledged. */
  record Acknowledged(int epoch, long nanos) {}

  private final ObjectMapper mapper = new ObjectMapper();
  private final Random random;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(4);
  private final AtomicInteger epoch = new AtomicInteger();
  private final Map<String, List<Acknowledged>> acknowledged = new ConcurrentHashMap<>();
  private final Map<String, JsonNode> data = new ConcurrentHashMap<>();
  private final Queue<String> faults = new ConcurrentLinkedQueue<>();

  CallbackReceiver(long seed) throws IOException {
    random = new Random(seed);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    server.setExecutor(threads);
    server.createContext("/", this::receive);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/in";
  }

  /** Counts the processes that have sent: what follows comes from the next one. */
  void nextEpoch() {
    epoch.incrementAndGet();
  }

  Map<String, List<Acknowledged>> acknowledged() {
    return acknowledged;
  }

  /** Returns the results that were received, by the ids of their jobs. */
  Map<String, JsonNode> data() {
    return data;
  }

  Queue<String> faults() {
    return faults;
  }

  private void receive(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      JsonNode event = mapper.readTree(body);
      String id = event.get("id").asText();
      if (!signature(exchange, body)
              .equals(exchange.getRequestHeaders().getFirst("webhook-signature"))
          || !id.equals(exchange.getRequestHeaders().getFirst("webhook-id"))) {
        faults.add("wrong signature of " + id);
      }
      boolean accept;
      synchronized (random) {
        accept = random.nextInt(5) > 0;
      }
      if (accept) {
        data.put(id, event.get("data"));
        acknowledged
            .computeIfAbsent(id, unused -> new CopyOnWriteArrayList<>())
            .add(new Acknowledged(epoch.get(), System.nanoTime()));
      }
      exchange.sendResponseHeaders(accept ? 204 : 503, -1);
    } catch (IOException e) {
      // the sender was killed
    } catch (RuntimeException e) {
      faults.add(e.toString());
      throw e;
    }
  }

  private static String signature(HttpExchange exchange, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      mac.update(
          (exchange.getRequestHeaders().getFirst("webhook-id")
                  + "."
                  + exchange.getRequestHeaders().getFirst("webhook-timestamp")
                  + ".")
              .getBytes(StandardCharsets.UTF_8));
      return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
