package dev.glimpse.deploy;

import dev.glimpse.support.Fixtures;
import dev.glimpse.support.RealRedis;
import dev.glimpse.support.Repository;
import dev.glimpse.support.Service;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * A service with everything on that has metrics of its own: a cache, Redis if it is installed,
 * batching, a queue that is soon full, reloads that succeed and fail, models that call predictions
 * uncertain.
 */
final class MonitoredService implements AutoCloseable {

  private static final String TOKEN = "sesame-open-sesame-open";
  private static final String JPEG = "image/jpeg";
  private static final byte[] RED = Fixtures.image("red.jpg");

  /** As many requests at once as make the queue full. */
  private static final int BURST = 6;

  private final HttpClient http = HttpClient.newHttpClient();
  private final Optional<RealRedis> redis;
  private final Repository models;
  private final Service service;
  private final Thread clients;
  private volatile boolean enough;
  private int sent;

  /**
   * Starts the packaged application and its clients.
   *
   * @param folder for its models
   */
  MonitoredService(Path folder) throws Exception {
    redis = RealRedis.isInstalled() ? Optional.of(RealRedis.start()) : Optional.empty();
    models = new Repository(folder);
    for (String name : List.of("colors", "batched")) {
      Path config = models.put("colors/1", name, 1).resolve("config.json");
      String text = Files.readString(config);
      Files.writeString(config, text.replaceFirst("\\{", "{\"uncertain_below\": 0.9,"));
    }
    service = Service.start(settings(folder));
    clients = new Thread(this::requests, "clients");
    clients.start();
    models.put("colors/1", "colors", 2);
    load("colors");
    models.putBroken("bad-json", "colors", 3);
    load("colors");
  }

  private Map<String, String> settings(Path folder) {
    Map<String, String> settings = new HashMap<>();
    settings.put("glimpse.models.path", folder.toString());
    settings.put("glimpse.models.default", "colors");
    settings.put("glimpse.batching.batched.max-batch-size", "4");
    settings.put("glimpse.batching.batched.max-delay", "1ms");
    settings.put("glimpse.cache.max-bytes", "1M");
    settings.put("glimpse.workers.count", "1");
    settings.put("glimpse.queue.size", "1");
    settings.put("glimpse.results.enabled", "true");
    settings.put("glimpse.results.callback.secret", TOKEN);
    settings.put("glimpse.repository.control", "true");
    settings.put("glimpse.admin.token", TOKEN);
    settings.put("glimpse.log.requests", "none");
    settings.put("glimpse.drain.quiet", "0s");
    redis.ifPresent(running -> {
      settings.put("glimpse.redis.url", running.url());
      settings.put("glimpse.redis.timeout", "1s");
      settings.put("glimpse.cache.redis", "true");
      settings.put("glimpse.http.rate", "1000000/s");
    });
    return settings;
  }

  int port() {
    return service.port();
  }

  String url(String path) {
    return "http://localhost:" + port() + path;
  }

  /** Returns its metrics in Prometheus's own format. */
  String metrics() throws Exception {
    HttpRequest request = request("/q/metrics").header("Accept", "text/plain").build();
    return http.send(request, BodyHandlers.ofString()).body();
  }

  private void load(String model) throws Exception {
    HttpRequest request =
        request("/v2/repository/models/" + model + "/load")
            .header("Authorization", "Bearer " + TOKEN)
            .POST(BodyPublishers.ofString("{}"))
            .build();
    http.send(request, BodyHandlers.discarding());
  }

  private void requests() {
    try {
      while (!enough) {
        post("/predict", JPEG, RED); // from the cache, but for the first time
        post("/predict", JPEG, unseen());
        post("/predict?model=batched", JPEG, unseen());
        post("/predict", JPEG, Fixtures.image("truncated.jpg"));
        post("/predict", JPEG, "no image".getBytes(StandardCharsets.UTF_8));
        post("/predict?model=unknown", JPEG, RED);
        post("/predictions/colors", JPEG, RED);
        post("/v1/models/colors:predict", "application/json", instances());
        post("/explain", JPEG, RED);
        post("/nowhere", JPEG, RED);
        later();
        burst();
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void later() throws IOException, InterruptedException {
    http.send(
        request("/predict")
            .header("Content-Type", JPEG)
            .header("Prefer", "respond-async")
            .POST(BodyPublishers.ofByteArray(RED))
            .build(),
        BodyHandlers.discarding());
  }

  private void burst() {
    CompletableFuture.allOf(
            IntStream.range(0, BURST)
                .mapToObj(i ->
                    http.sendAsync(
                        request("/predict").POST(BodyPublishers.ofByteArray(unseen())).build(),
                        BodyHandlers.discarding()))
                .toArray(CompletableFuture[]::new))
        .join();
  }

  /** The same image in other bytes. */
  private synchronized byte[] unseen() {
    byte[] number = Integer.toString(sent++).getBytes(StandardCharsets.US_ASCII);
    byte[] image = new byte[RED.length + number.length];
    System.arraycopy(RED, 0, image, 0, RED.length);
    System.arraycopy(number, 0, image, RED.length, number.length);
    return image;
  }

  private static byte[] instances() {
    return "{\"instances\": [{\"b64\": \"%s\"}]}"
        .formatted(Base64.getEncoder().encodeToString(RED))
        .getBytes(StandardCharsets.US_ASCII);
  }

  private HttpResponse<Void> post(String path, String type, byte[] body)
      throws IOException, InterruptedException {
    HttpRequest request =
        request(path).header("Content-Type", type).POST(BodyPublishers.ofByteArray(body)).build();
    return http.send(request, BodyHandlers.discarding());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url(path)));
  }

  @Override
  public void close() {
    enough = true;
    try {
      clients.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    service.close();
    redis.ifPresent(RealRedis::close);
  }
}
