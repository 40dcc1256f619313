package dev.glimpse.results;

import static dev.glimpse.support.Polling.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glimpse.results.CallbackReceiver.Acknowledged;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.RealRedis;
import dev.glimpse.support.Service;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the packaged application with SIGKILL at random times while clients send jobs: each image
 * of a job that was accepted is answered once, and each result acknowledged once by its receiver.
 * {@code -Dresults.kills=20} kills it more often than usual.
 */
@Timeout(900)
class ResultsIT {

  private static final int KILLS = Integer.getInteger("results.kills", 1);

  /** A process that is killed so soon after a receiver has acknowledged may not know of it. */
  private static final Duration NOT_KNOWN = Duration.ofMillis(500);

  private static final List<String> COLORS = List.of("red", "green", "blue");
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @TempDir private Path folder;

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  /** The labels of each job's images, by the address of its result. */
  private final Map<String, List<String>> accepted = new ConcurrentHashMap<>();

  private volatile boolean enough;

  private static Map<String, String> settings(CallbackReceiver receiver) {
    Map<String, String> settings = new HashMap<>();
    settings.put("glimpse.models.path", "src/test/resources/models");
    settings.put("glimpse.models.default", "colors");
    settings.put("glimpse.workers.count", "2");
    settings.put("glimpse.drain.quiet", "0s");
    settings.put("glimpse.results.enabled", "true");
    settings.put("glimpse.results.max-jobs", "100000");
    settings.put("glimpse.results.max-bytes", "1G");
    settings.put("glimpse.results.callback.secret", CallbackReceiver.SECRET);
    settings.put("glimpse.results.callback.hosts", "127.0.0.1");
    assertThat(receiver.url()).startsWith("http://127.0.0.1");
    return settings;
  }

  @Test
  void killedWithAFolder() throws Exception {
    try (CallbackReceiver receiver = new CallbackReceiver(seed)) {
      Map<String, String> settings = settings(receiver);
      settings.put("glimpse.results.folder", folder.toString());
      killAgainAndAgain(receiver, List.of(settings));
    }
  }

  @Test
  void killedWithRedisAndAnotherReplica() throws Exception {
    try (RealRedis redis = RealRedis.start("--maxmemory-policy", "noeviction");
        CallbackReceiver receiver = new CallbackReceiver(seed)) {
      Map<String, String> settings = settings(receiver);
      settings.put("glimpse.redis.url", redis.url());
      settings.put("glimpse.results.redis", "true");
      killAgainAndAgain(receiver, List.of(settings, settings));
    }
  }

  @Test
  void aStoppedServiceLeavesTheRestToTheNext() throws Exception {
    try (CallbackReceiver receiver = new CallbackReceiver(seed)) {
      Map<String, String> settings = settings(receiver);
      settings.put("glimpse.results.folder", folder.toString());
      try (Service first = Service.start(settings)) {
        for (int i = 0; i < 10; i++) {
          send(first, receiver, 30);
        }
        first.terminate();
        assertThat(first.ended(30)).isTrue();
        assertThat(first.log()).contains("jobs are left to be worked on after the next start");
      }
      receiver.nextEpoch();
      try (Service second = Service.start(settings)) {
        check(second, receiver, List.of());
      }
    }
  }

  private void killAgainAndAgain(CallbackReceiver receiver, List<Map<String, String>> replicas)
      throws Exception {
    AtomicReferenceArray<Service> services = new AtomicReferenceArray<>(replicas.size());
    for (int i = 0; i < replicas.size(); i++) {
      services.set(i, Service.start(replicas.get(i)));
    }
    List<Long> kills = new ArrayList<>();
    Thread clients = new Thread(() -> sendUntilEnough(services, receiver), "clients");
    clients.start();
    try {
      for (int i = 0; i < KILLS; i++) {
        int before = accepted.size();
        int more = 3 + random.nextInt(20);
        await().until(() -> accepted.size() >= before + more);
        TimeUnit.MILLISECONDS.sleep(random.nextInt(50)); // at any moment of its work
        int which = random.nextInt(replicas.size());
        services.get(which).close();
        assertThat(services.get(which).ended(10)).isTrue();
        kills.add(System.nanoTime());
        receiver.nextEpoch();
        services.set(which, Service.start(replicas.get(which)));
      }
      enough = true;
      clients.join();
      check(services.get(0), receiver, kills);
    } finally {
      enough = true;
      clients.join();
      for (int i = 0; i < replicas.size(); i++) {
        services.get(i).close();
      }
    }
  }

  private void sendUntilEnough(AtomicReferenceArray<Service> services, CallbackReceiver receiver) {
    Random sizes = new Random(seed);
    while (!enough) {
      try {
        TimeUnit.MILLISECONDS.sleep(10); // so that the jobs of a run can be checked soon
        send(services.get(sizes.nextInt(services.length())), receiver, 1 + sizes.nextInt(12));
      } catch (IOException e) {
        // It was killed: whether it has accepted this one is not known.
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** Sends a job with images in random colors; notes it if it is accepted. */
  private void send(Service service, CallbackReceiver receiver, int images)
      throws IOException, InterruptedException {
    List<String> labels = Stream.generate(this::color).limit(images).toList();
    HttpResponse<String> response =
        HTTP.send(
            request(service, "/predict/batch?top_k=1&callback=" + receiver.url())
                .header("Prefer", "respond-async")
                .header("Content-Type", "multipart/form-data; boundary=x")
                .POST(HttpRequest.BodyPublishers.ofByteArray(form(labels)))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() == 202) {
      accepted.put(response.headers().firstValue("Location").orElseThrow(), labels);
    } else {
      assertThat(response.statusCode())
          .as(response.body())
          .isEqualTo(503); // such as without Redis yet
    }
  }

  private synchronized String color() {
    return COLORS.get(random.nextInt(COLORS.size()));
  }

  private static HttpRequest.Builder request(Service service, String path) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + service.port() + path))
        .timeout(Duration.ofSeconds(30));
  }

  private static byte[] form(List<String> labels) {
    ByteArrayOutputStream form = new ByteArrayOutputStream();
    for (String label : labels) {
      form.writeBytes(
          "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n"
              .getBytes(StandardCharsets.US_ASCII));
      form.writeBytes(Fixtures.image(label + ".jpg"));
      form.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
    }
    form.writeBytes("--x--\r\n".getBytes(StandardCharsets.US_ASCII));
    return form.toByteArray();
  }

  /** Waits for all results, and compares what was sent with what can be fetched. */
  private void check(Service service, CallbackReceiver receiver, List<Long> kills)
      throws Exception {
    for (Map.Entry<String, List<String>> job : accepted.entrySet()) {
      String id = job.getKey().substring("/results/".length());
      await()
          .atMost(Duration.ofMinutes(5))
          .until(() -> get(service, job.getKey()).statusCode() != 202);
      HttpResponse<String> response = get(service, job.getKey());
      assertThat(response.statusCode()).as("%s, seed %d", response.body(), seed).isEqualTo(200);
      assertThat(labels(MAPPER.readTree(response.body()))).as(id).isEqualTo(job.getValue());
      await().atMost(Duration.ofMinutes(5)).until(() -> receiver.acknowledged().containsKey(id));
      assertThat(labels(receiver.data().get(id))).as(id).isEqualTo(job.getValue());
    }
    assertThat(receiver.faults()).isEmpty();
    int twice = 0;
    for (Map.Entry<String, List<Acknowledged>> job : receiver.acknowledged().entrySet()) {
      twice += job.getValue().size() - 1;
      assertSentOnce(job.getKey(), job.getValue(), kills);
    }
    System.out.printf(
        "%d kills, %d jobs, %d images, %d results sent again because of a kill%n",
        kills.size(),
        accepted.size(),
        accepted.values().stream().mapToInt(List::size).sum(),
        twice);
  }

  /** Again only if the process was killed before it can have kept that the first was accepted. */
  private void assertSentOnce(String id, List<Acknowledged> deliveries, List<Long> kills) {
    for (int i = 1; i < deliveries.size(); i++) {
      Acknowledged first = deliveries.get(i - 1);
      assertThat(deliveries.get(i).epoch())
          .as("%s by the same process, seed %d", id, seed)
          .isGreaterThan(first.epoch());
      assertThat(Duration.ofNanos(kills.get(first.epoch()) - first.nanos()))
          .as("%s, from its acknowledgement to the kill, seed %d", id, seed)
          .isLessThan(NOT_KNOWN);
    }
  }

  private static HttpResponse<String> get(Service service, String path)
      throws IOException, InterruptedException {
    return HTTP.send(request(service, path).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static List<String> labels(JsonNode batch) {
    return batch
        .get("results")
        .valueStream()
        .map(result -> result.at("/predictions/0/label").asText())
        .toList();
  }
}
