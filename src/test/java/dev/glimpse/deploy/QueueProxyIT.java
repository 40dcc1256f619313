package dev.glimpse.deploy;

import static dev.glimpse.support.Polling.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.api.grpc.GrpcStatus;
import dev.glimpse.api.grpc.services.GrpcClient;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.RawConnection;
import dev.glimpse.support.Service;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Knative's own queue-proxy in front of the packaged application, with the settings of
 * deploy/knative. Its ports 8022, 9090 and 9091 cannot be chosen, and it ends only after 30 quiet
 * seconds.
 */
@EnabledIfSystemProperty(
    named = "queue.proxy",
    matches = ".+",
    disabledReason = "-Dqueue.proxy=… says where Knative's queue-proxy is: see deploy/README.md")
@Timeout(180)
class QueueProxyIT {

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final Path program = Path.of(System.getProperty("queue.proxy", ""));
  private final byte[] picture = Fixtures.image("red.jpg");
  private final Workload knative = Workload.knative();

  @Test
  void nobodyIsSentBeforeGlimpseListens() throws Exception {
    try (QueueProxy proxy = QueueProxy.start(program, freePort(), freePort())) {
      assertThat(proxy.probe()).isEqualTo(503);
    }
  }

  @Test
  void whatIsTooManyWaitsOutsideAndNobodyIsRefused() throws Exception {
    try (Service glimpse = start();
        QueueProxy proxy = QueueProxy.start(program, freePort(), glimpse.port())) {
      assertThat(proxy.probe()).isEqualTo(200);

      long places = knative.concurrency().getAsLong();
      List<RawConnection> holders = new ArrayList<>();
      for (int i = 0; i < places; i++) {
        RawConnection holder = new RawConnection(proxy.port());
        holder.head("Content-Type: image/jpeg\r\nContent-Length: " + picture.length);
        holders.add(holder);
      }
      awaitPlacesTaken(glimpse, places);

      try (RawConnection late = new RawConnection(proxy.port());
          RawConnection inside = new RawConnection(glimpse.port())) {
        late.post(picture);
        inside.post(picture);
        assertThat(inside.read().status()).isEqualTo(200);
        assertThat(placesTaken(glimpse)).isEqualTo(places);
        for (RawConnection holder : holders) {
          holder.send(picture);
          assertThat(holder.read().status()).isEqualTo(200);
          holder.close();
        }
        assertThat(late.read().status()).isEqualTo(200);
      }
    }
  }

  /** As behind a port with the name h2c. */
  @Test
  void callsByGrpcPassWithTheirTrailers() throws Exception {
    try (Service glimpse = start();
        QueueProxy proxy = QueueProxy.start(program, freePort(), glimpse.port());
        GrpcClient client = new GrpcClient(proxy.port())) {
      assertThat(proxy.probe()).isEqualTo(200);
      assertThat(client.isServing("readiness")).isTrue();
      for (int i = 0; i < 50; i++) {
        assertThat(client.classify("colors", picture)).isZero();
      }
      assertThat(client.classify("nothing", picture)).isEqualTo(GrpcStatus.NOT_FOUND.code());
      ask(proxy.port());
    }
  }

  @Test
  void theEndLosesNobodyAndIsInTime() throws Exception {
    try (Service glimpse = start();
        QueueProxy proxy = QueueProxy.start(program, freePort(), glimpse.port())) {
      AtomicBoolean sent = new AtomicBoolean(true);
      AtomicInteger good = new AtomicInteger();
      CompletableFuture<Void> warm = new CompletableFuture<>();
      List<CompletableFuture<Void>> clients = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        clients.add(
            CompletableFuture.runAsync(
                () -> {
                  while (sent.get()) {
                    ask(proxy.port());
                    if (good.incrementAndGet() == 100) {
                      warm.complete(null);
                    }
                  }
                },
                client -> new Thread(client).start()));
      }
      CompletableFuture<?> failure =
          CompletableFuture.anyOf(clients.toArray(CompletableFuture[]::new));
      CompletableFuture.anyOf(warm, failure).get(60, TimeUnit.SECONDS);

      // As the kubelet does it: both containers at once, Glimpse's by way of its hook.
      long started = System.nanoTime();
      CompletableFuture<Integer> hook = proxy.preStop();
      proxy.terminate();
      await().until(() -> proxy.probe() != 200);
      assertThat(proxy.probe()).isEqualTo(503);
      int before = good.get();
      await().until(() -> good.get() >= before + 20);
      sent.set(false); // the network has heard of it
      for (CompletableFuture<Void> client : clients) {
        client.get(30, TimeUnit.SECONDS);
      }

      assertThat(hook.get(90, TimeUnit.SECONDS)).isEqualTo(200);
      glimpse.terminate();
      assertThat(glimpse.ended(30)).isTrue();
      assertThat(proxy.ended(30)).isTrue();
      Duration took = Duration.ofNanos(System.nanoTime() - started);
      System.out.printf(
          "%d answers, %d of them after the end began; ended in %d ms%n",
          good.get(), good.get() - before, took.toMillis());
      assertThat(took).isBetween(knative.head(), knative.grace());
    }
  }

  private Service start() throws Exception {
    Map<String, String> settings =
        new HashMap<>(
            Map.of(
                "glimpse.models.path", Fixtures.MODELS.toAbsolutePath().toString(),
                "glimpse.models.default", "colors",
                "glimpse.workers.count",
                    knative.container().getResources().getLimits().get("cpu").getAmount()));
    settings.put("glimpse.http.min-rate", "0"); // slow bodies keep their slots
    settings.put("glimpse.queue.size", knative.environment().get("GLIMPSE_QUEUE_SIZE"));
    return Service.start(settings);
  }

  private void ask(int port) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/predict"))
            .header("Content-Type", "image/jpeg")
            .POST(HttpRequest.BodyPublishers.ofByteArray(picture))
            .build();
    try {
      assertThat(CLIENT.send(request, HttpResponse.BodyHandlers.discarding()).statusCode())
          .isEqualTo(200);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void awaitPlacesTaken(Service glimpse, long count) {
    await().until(() -> placesTaken(glimpse) == count);
  }

  private static long placesTaken(Service glimpse) throws Exception {
    String metrics =
        CLIENT
            .send(
                HttpRequest.newBuilder(
                        URI.create("http://localhost:" + glimpse.port() + "/q/metrics"))
                    .build(),
                HttpResponse.BodyHandlers.ofString())
            .body();
    return Pattern.compile("(?m)^glimpse_permits_taken (\\S+)$")
        .matcher(metrics)
        .results()
        .mapToLong(match -> (long) Double.parseDouble(match.group(1)))
        .findFirst()
        .orElseThrow();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
