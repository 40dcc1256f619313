package dev.glimpse.workers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Fixtures;
import dev.glimpse.support.RawConnection;
import dev.glimpse.support.Service;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Sends large bodies and slow ones, from many clients, to the packaged application with a small
 * heap. The clients take the same CPUs, so the bounds of times are loose.
 */
@Timeout(60)
class StormIT {

  private static final int CLIENTS = 64;
  private static final int SECONDS = 5;
  private static final byte[] SMALL = Fixtures.image("daisy.jpg");
  private static final byte[] LARGE = padded(5 << 20);

  private static Service service;

  @BeforeAll
  static void start() throws Exception {
    // What a container of 512 MB gives to a JVM, and one of 256 MB to the executable.
    String heap = Service.isNative() ? "-Xmx205m" : "-Xmx307m";
    service =
        Service.start(
            Map.of("glimpse.models.path", Path.of("models").toAbsolutePath().toString()),
            List.of(heap));
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @AfterEach
  void memorySuffices() throws IOException {
    assertThat(service.log()).doesNotContain("OutOfMemory");
  }

  @Test
  void largeUploadsAreAnsweredOrRefused() throws Exception {
    Queue<Integer> statuses = new ConcurrentLinkedQueue<>();
    Queue<String> lost = new ConcurrentLinkedQueue<>();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      Thread client = new Thread(() -> upload(end, statuses, lost));
      client.start();
      clients.add(client);
    }
    List<Long> probes = new ArrayList<>();
    while (System.nanoTime() < end) {
      long asked = System.nanoTime();
      assertThat(service.status("/q/health/live")).isEqualTo(200);
      probes.add((System.nanoTime() - asked) / 1_000_000);
      Thread.sleep(50);
    }
    for (Thread client : clients) {
      client.join();
    }

    probes.sort(null);
    System.out.printf(
        "%d responses, %d of them 503; liveness p50 %d, max %d ms%n",
        statuses.size(),
        statuses.stream().filter(status -> status == 503).count(),
        probes.get(probes.size() / 2),
        probes.get(probes.size() - 1));
    assertThat(lost).isEmpty();
    assertThat(statuses).contains(200).isSubsetOf(200, 503);
  }

  @Test
  void slowClientsKeepNobodyWaiting() throws Exception {
    List<RawConnection> slow = new ArrayList<>();
    try (RawConnection normal = new RawConnection(service.port())) {
      for (int i = 0; i < 70; i++) {
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

  private static void upload(long end, Queue<Integer> statuses, Queue<String> lost) {
    try (RawConnection connection = new RawConnection(service.port())) {
      while (System.nanoTime() < end) {
        connection.post(LARGE);
        statuses.add(connection.read().status());
      }
    } catch (IOException e) {
      lost.add(e.toString());
    }
  }

  /** Returns a JPEG of so many bytes or a little more, most of them comments. */
  private static byte[] padded(int bytes) {
    ByteArrayOutputStream file = new ByteArrayOutputStream(bytes + SMALL.length);
    file.write(SMALL, 0, 2); // SOI
    while (file.size() < bytes) {
      file.writeBytes(Arrays.copyOf(new byte[] {-1, -2, -1, -3}, 2 + 0xFFFD)); // COM
    }
    file.write(SMALL, 2, SMALL.length - 2);
    return file.toByteArray();
  }
}
