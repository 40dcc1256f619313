package dev.glimpse.api.http;

import static dev.glimpse.support.Polling.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Fixtures;
import dev.glimpse.support.RawConnection;
import dev.glimpse.support.Service;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** SIGTERM to the packaged application: each accepted connection gets an answer. */
@Timeout(120)
class GracefulShutdownIT {

  private static final int CLIENTS = 8;

  /** How often: one is for every build, {@code -DargLine=-Ddrain.restarts=20} for a proof. */
  private static final int RESTARTS = Integer.getInteger("drain.restarts", 1);

  @Test
  @Timeout(60 + 30 * 20)
  void everyRequestThatGotAConnectionGetsAnAnswer() throws Exception {
    byte[] picture = Fixtures.image("scene.png");
    for (int i = 0; i < RESTARTS; i++) {
      try (Service service =
          Service.start(
              Map.of(
                  "glimpse.models.path", Fixtures.MODELS.toAbsolutePath().toString(),
                  "glimpse.models.default", "colors",
                  "glimpse.queue.size", "2", // some are refused
                  "glimpse.drain.max", "1s"))) {
        Load load = new Load(service.port(), picture);
        load.waitFor(400);
        int before = load.answered.get();
        service.terminate();
        load.join();
        assertThat(service.ended(30)).isTrue();

        System.out.printf(
            "restart %d: %d answers, %d of them after SIGTERM, by status %s; lost: %s%n",
            i, load.answered.get(), load.answered.get() - before, load.statuses(), load.lost);
        assertThat(load.lost).isEmpty();
        assertThat(load.answered.get() - before).isPositive();
      }
    }
  }

  @Test
  void readinessDropsAtOnceWhileRequestsAreAnswered() throws Exception {
    try (Service service =
            Service.start(
                Map.of(
                    "glimpse.models.path",
                    Fixtures.MODELS.toAbsolutePath().toString(),
                    "glimpse.models.default",
                    "colors"));
        RawConnection old = new RawConnection(service.port())) {
      byte[] picture = Fixtures.image("red.jpg");
      old.post(picture); // a service that has had no request would end at once
      assertThat(old.read().status()).isEqualTo(200);
      old.head("Content-Type: image/jpeg\r\nContent-Length: " + picture.length);
      service.terminate();
      await().until(() -> service.status("/q/health/ready") != 200);
      assertThat(service.status("/q/health/ready")).isEqualTo(503);
      assertThat(service.status("/q/health/live")).isEqualTo(200);

      try (RawConnection late = new RawConnection(service.port())) {
        late.post(picture);
        RawConnection.Answer answer = late.read();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.closes()).isTrue();
        assertThat(late.ends()).isTrue();
      }
      old.send(picture);
      assertThat(old.read().status()).isEqualTo(200);
      assertThat(service.ended(30)).isTrue();
    }
  }

  @Test
  void anIdleServiceEndsAtOnce() throws Exception {
    try (Service service =
        Service.start(
            Map.of(
                "glimpse.models.path",
                Fixtures.MODELS.toAbsolutePath().toString(),
                "glimpse.models.default",
                "colors"))) {
      long started = System.nanoTime();
      service.terminate();
      assertThat(service.ended(30)).isTrue();
      long millis = (System.nanoTime() - started) / 1_000_000;
      System.out.printf("stopped while idle in %d ms%n", millis);
      assertThat(millis).isLessThan(2000); // 1 s, and as much again for a busy machine
    }
  }

  /** The first client of a new instance, which is stopped at this very moment. */
  @Test
  void firstConnectionOfAServiceWithoutRequestsGetsAnAnswer() throws Exception {
    try (Service service =
            Service.start(
                Map.of(
                    "glimpse.models.path",
                    Fixtures.MODELS.toAbsolutePath().toString(),
                    "glimpse.models.default",
                    "colors"));
        RawConnection first = new RawConnection(service.port())) {
      byte[] picture = Fixtures.image("red.jpg");
      service.terminate();
      await().until(() -> service.log().contains("Draining"));
      first.post(picture);

      RawConnection.Answer answer = first.read();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.closes()).isTrue();
      assertThat(service.ended(30)).isTrue();
    }
  }

  @Test
  void aModelThatIsBeingLoadedIsServedFirstOrRefused() throws Exception {
    String token = "sesame-open-sesame-open";
    String body = "{\"parameters\": {\"version\": \"1\"}}"; // though it is served already
    try (Service service =
            Service.start(
                Map.of(
                    "glimpse.models.path",
                    Fixtures.MODELS.toAbsolutePath().toString(),
                    "glimpse.models.default",
                    "colors",
                    "glimpse.repository.control",
                    "true",
                    "glimpse.admin.token",
                    token));
        RawConnection connection = new RawConnection(service.port())) {
      connection.send(
          "POST /v2/repository/models/colors/load HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s"
              .formatted(token, body.length(), body)
              .getBytes(StandardCharsets.US_ASCII));
      assertThat(service.status("/q/health/live")).isEqualTo(200); // so it has come
      service.terminate();

      RawConnection.Answer answer = connection.read();
      System.out.printf("a load beside SIGTERM: %d %s%n", answer.status(), answer.body());
      assertThat(answer.status()).isIn(200, 503);
      assertThat(service.ended(30)).isTrue();
      assertThat(service.log()).doesNotContain("ERROR");
    }
  }

  /** Clients that ask again as soon as they are answered, until they are let in no more. */
  private static final class Load {

    private final int port;
    private final byte[] picture;
    private final AtomicInteger answered = new AtomicInteger();
    private final Map<Integer, AtomicInteger> statuses =
        Map.of(200, new AtomicInteger(), 503, new AtomicInteger(), 0, new AtomicInteger());
    private final Queue<String> lost = new ConcurrentLinkedQueue<>();
    private final List<Thread> clients = new ArrayList<>();
    private final CountDownLatch warm = new CountDownLatch(400);

    Load(int port, byte[] picture) {
      this.port = port;
      this.picture = picture;
      for (int i = 0; i < CLIENTS; i++) {
        Thread client = new Thread(this::run);
        client.start();
        clients.add(client);
      }
    }

    void waitFor(int answers) throws InterruptedException {
      assertThat(answers).isLessThanOrEqualTo(400);
      warm.await();
    }

    void join() throws InterruptedException {
      for (Thread client : clients) {
        client.join();
      }
    }

    String statuses() {
      return statuses.toString();
    }

    private void run() {
      while (true) {
        try (RawConnection connection = new RawConnection(port)) {
          boolean open = true;
          while (open) {
            connection.post(picture);
            RawConnection.Answer answer = connection.read();
            answered.incrementAndGet();
            statuses.getOrDefault(answer.status(), statuses.get(0)).incrementAndGet();
            warm.countDown();
            open = !answer.closes();
          }
        } catch (ConnectException e) {
          return; // the port is closed
        } catch (IOException e) {
          lost.add(e.toString());
        }
      }
    }
  }
}
