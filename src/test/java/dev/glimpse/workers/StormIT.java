package dev.glimpse.workers;

import static dev.glimpse.support.Polling.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.glimpse.support.Fixtures;
import dev.glimpse.support.MemoryLimit;
import dev.glimpse.support.OtherLoad;
import dev.glimpse.support.PhonePhoto;
import dev.glimpse.support.RawConnection;
import dev.glimpse.support.ResidentMemory;
import dev.glimpse.support.Service;
import dev.glimpse.support.Uploader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/**
 * Sends large bodies and slow ones, from many clients, to the packaged application with the memory
 * of a small container. The clients take the same CPUs, so the bounds of times are loose.
 */
@Timeout(120)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StormIT {

  private static final int CLIENTS = 64;
  private static final int STALLED = 70;
  private static final int SECONDS = 5;
  private static final byte[] SMALL = Fixtures.image("daisy.jpg");

  private static Optional<MemoryLimit> limit = Optional.empty();
  private static Service service;
  private static Path photo;

  @BeforeAll
  static void start() throws Exception {
    photo = PhonePhoto.write();
    limit = MemoryLimit.of(Service.isNative() ? 256L << 20 : 512L << 20);
    Map<String, String> settings =
        Map.of("glimpse.models.path", Path.of("models").toAbsolutePath().toString());
    // As deploy/docker sets it; and what such a container's memory makes of it, where there is
    // none.
    List<String> options =
        Service.isNative()
            ? limit.isPresent() ? List.of() : List.of("-Xmx205m")
            : limit.isPresent()
                ? List.of("-XX:MaxRAMPercentage=60", "-XX:+ExitOnOutOfMemoryError")
                : List.of("-Xmx307m", "-XX:+ExitOnOutOfMemoryError");
    service =
        limit.isPresent()
            ? Service.start(settings, options, limit.get())
            : Service.start(settings, options);
  }

  @AfterAll
  static void stop() throws Exception {
    service.close();
    service.ended(10);
    if (limit.isPresent()) {
      limit.get().close();
    }
  }

  @AfterEach
  void memorySuffices() throws IOException {
    assertThat(service.log()).doesNotContain("OutOfMemory");
    assertThat(service.lives()).isTrue();
  }

  /** The first, because it warms a JVM up. */
  @Test
  @Order(1)
  void largeUploadsAreAnsweredOrRefused() throws Exception {
    storm(8, 1); // so that classes are loaded and compiled, and both workers have their buffers
    long before = ResidentMemory.mebibytes(service.pid());
    Queue<Integer> statuses;
    try (Probe probe = new Probe()) {
      statuses = storm(CLIENTS, SECONDS);
      System.out.printf(
          "%d responses, %d of them 503%n",
          statuses.size(), statuses.stream().filter(status -> status == 503).count());
      probe.requireQuick();
    }
    assertThat(statuses).contains(200).isSubsetOf(200, 503);
    long peak = ResidentMemory.mebibytes(service.pid());
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(() ->
            assertThat(ResidentMemory.mebibytes(service.pid()))
                .as("MiB, with %d just after the storm", peak)
                .isLessThanOrEqualTo(before * 11 / 10));
    System.out.printf(
        "resident: %d MiB before, %d just after, %d at the end%n",
        before, peak, ResidentMemory.mebibytes(service.pid()));
  }

  @Test
  void slowClientsKeepNobodyWaiting() throws Exception {
    List<RawConnection> slow = new ArrayList<>();
    try (RawConnection normal = new RawConnection(service.port());
        Probe probe = new Probe()) {
      for (int i = 0; i < STALLED; i++) {
        RawConnection connection = new RawConnection(service.port());
        connection.head("Content-Type: image/jpeg\r\nContent-Length: 5000000");
        connection.send(new byte[100]);
        slow.add(connection);
      }
      Thread.sleep(1000);
      for (int i = 0; i < 5; i++) {
        long sent = System.nanoTime();
        normal.post(SMALL);
        assertThat(normal.read().status()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - sent)).isLessThan(Duration.ofSeconds(1));
      }
      probe.requireQuick();
    } finally {
      for (RawConnection connection : slow) {
        connection.close();
      }
    }
  }

  @Test
  void whatNeverFitsIsRefusedAtOnce() throws Exception {
    try (RawConnection connection = new RawConnection(service.port())) {
      connection.head("Content-Type: image/jpeg\r\nContent-Length: 1000000000");
      assertThat(connection.read().status()).isEqualTo(413);
    }
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void theContainersMemorySuffices() throws Exception {
    assumeTrue(limit.isPresent(), "no control group can be created here");
    System.out.printf("the container's peak: %d MiB%n", limit.get().peak() >> 20);
    assertThat(limit.get().kills()).isZero();
  }

  /** Uploads from so many clients, for so long; returns the statuses of all responses. */
  private static Queue<Integer> storm(int clients, int seconds) throws Exception {
    Queue<Integer> statuses = new ConcurrentLinkedQueue<>();
    Queue<String> lost = new ConcurrentLinkedQueue<>();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      Thread client = new Thread(() -> upload(end, statuses, lost));
      client.start();
      threads.add(client);
    }
    for (Thread client : threads) {
      client.join();
    }
    assertThat(lost).isEmpty();
    return statuses;
  }

  private static void upload(long end, Queue<Integer> statuses, Queue<String> lost) {
    try (Uploader client = new Uploader(service.port(), photo)) {
      do {
        statuses.add(client.post());
      } while (System.nanoTime() < end);
    } catch (IOException e) {
      lost.add(e.toString());
    }
  }

  /** Asks for the liveness all the time, on a connection of its own. */
  private static final class Probe implements AutoCloseable {

    private final List<Long> micros = new ArrayList<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final Thread thread = new Thread(this::ask, "probe");
    private final OtherLoad others;
    private volatile boolean ended;

    Probe() throws IOException {
      others = new OtherLoad(service.pid());
      thread.setDaemon(true);
      thread.start();
    }

    private void ask() {
      try (Uploader client = new Uploader(service.port(), photo)) {
        while (!ended) {
          long asked = System.nanoTime();
          int status = client.get("/q/health/live");
          micros.add((System.nanoTime() - asked) / 1000);
          if (status != 200) {
            failures.add("status " + status);
          }
          Thread.sleep(20);
        }
      } catch (IOException | InterruptedException e) {
        failures.add(e.toString());
      }
    }

    /** Requires quick responses; slower ones where other programs take half a CPU or more. */
    void requireQuick() throws Exception {
      close();
      thread.join();
      double busy = others.cpus();
      micros.sort(null);
      long p95 = micros.get(micros.size() * 95 / 100) / 1000;
      long most = micros.get(micros.size() - 1) / 1000;
      System.out.printf(
          "liveness, %d times: p50 %d, p95 %d, max %d ms; others took %.1f CPUs%n",
          micros.size(), micros.get(micros.size() / 2) / 1000, p95, most, busy);
      assertThat(failures).isEmpty();
      if (busy < 0.5) {
        assertThat(p95).isLessThan(100);
        assertThat(most).isLessThan(1000);
      } else {
        assertThat(most).isLessThan(10_000);
      }
    }

    @Override
    public void close() {
      ended = true;
    }
  }
}
