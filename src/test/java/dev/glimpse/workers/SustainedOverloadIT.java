package dev.glimpse.workers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Fixtures;
import dev.glimpse.support.RawConnection;
import dev.glimpse.support.RawConnection.Answer;
import dev.glimpse.support.ResidentMemory;
import dev.glimpse.support.Service;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Offers the packaged application four times its capacity: each request is answered once, in time
 * or refused at once. The load comes from the same CPUs, so times are printed and only loosely
 * asserted.
 */
@Tag("repeated")
@Timeout(300)
class SustainedOverloadIT {

  /** Short for every build; {@code -DargLine=-Doverload.seconds=60} for a longer run. */
  private static final int SECONDS = Integer.getInteger("overload.seconds", 3);

  private static final int CLIENTS = 192;
  private static final byte[] IMAGE = Fixtures.image("daisy.jpg");

  private record Sample(int status, long nanos) {}

  private final Queue<Sample> samples = new ConcurrentLinkedQueue<>();
  private final AtomicInteger timedOut = new AtomicInteger();
  private final Queue<String> lost = new ConcurrentLinkedQueue<>();
  private final Set<String> ids = Collections.synchronizedSet(new HashSet<>());

  @Test
  void admittedRequestsAreAnsweredInTimeAndTheOthersRefusedAtOnce() throws Exception {
    try (Service service =
        Service.start(
            Map.of(
                "glimpse.models.path",
                Path.of("models").toAbsolutePath().toString(),
                "quarkus.log.level",
                "WARN"))) {
      run(service, 8, 3, 0); // the JIT compiles
      samples.clear();
      run(service, 1, 2, 0);
      double serviceMillis = percentile(200, 50);
      samples.clear();
      run(service, 8, 3, 0);
      double capacity = count(200) / 3.0;
      run(service, CLIENTS, 2, 4 * capacity);
      samples.clear();
      long before = ResidentMemory.mebibytes(service.pid());
      run(service, CLIENTS, SECONDS, 4 * capacity);
      long after = ResidentMemory.mebibytes(service.pid());

      System.out.printf(
          "capacity %.0f/s, service time p50 %.1f ms; offered 4x for %d s: %d answers (%.0f/s)%n",
          capacity, serviceMillis, SECONDS, samples.size(), samples.size() / (double) SECONDS);
      System.out.printf(
          "200: %d, p50 %.1f, p99 %.1f, max %.1f ms; 503: %d (%d after waiting), p50 %.1f, p99"
              + " %.1f, max %.1f ms%n",
          count(200),
          percentile(200, 50),
          percentile(200, 99),
          percentile(200, 100),
          count(503),
          timedOut.get(),
          percentile(503, 50),
          percentile(503, 99),
          percentile(503, 100));
      System.out.printf("resident memory %d -> %d MiB%n", before, after);
      assertThat(lost).isEmpty();
      assertThat(samples).allSatisfy(s -> assertThat(s.status).isIn(200, 503));
      assertThat(ids).hasSizeGreaterThanOrEqualTo(samples.size());
      assertThat(count(200)).isPositive();
      assertThat(count(503)).isPositive();
      assertThat(percentile(200, 99)).isLessThan(5000 + 2 * serviceMillis);
    }
  }

  /** Runs so many clients, at a total rate; 0: as fast as they are answered. */
  private void run(Service service, int clients, int seconds, double rate) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      int number = i;
      Thread thread = new Thread(() -> ask(service.port(), number, clients, rate, end));
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private void ask(int port, int number, int clients, double rate, long end) {
    long interval = rate == 0 ? 0 : (long) (1e9 * clients / rate);
    long next = System.nanoTime() + interval * number / clients;
    try (RawConnection connection = new RawConnection(port)) {
      for (int i = 0; System.nanoTime() < end; i++) {
        for (long wait = next - System.nanoTime(); wait > 0; wait = next - System.nanoTime()) {
          LockSupport.parkNanos(wait);
        }
        String id = "%d-%d-%d".formatted(end, number, i);
        long sent = System.nanoTime();
        connection.post(IMAGE, "X-Request-ID: " + id);
        Answer answer = connection.read();
        if (answer.body().contains("queue-timeout")) {
          timedOut.incrementAndGet();
        }
        samples.add(new Sample(answer.status(), System.nanoTime() - sent));
        if (!id.equals(answer.headers().get("x-request-id")) || !ids.add(id)) {
          lost.add("another's answer: " + answer);
        }
        next = Math.max(next + interval, System.nanoTime());
      }
    } catch (IOException e) {
      lost.add(e.toString());
    }
  }

  private long count(int status) {
    return samples.stream().filter(s -> s.status == status).count();
  }

  /** Returns a percentile, in milliseconds. */
  private double percentile(int status, int percent) {
    long[] sorted =
        samples.stream()
            .filter(s -> s.status == status)
            .mapToLong(Sample::nanos)
            .sorted()
            .toArray();
    return sorted.length == 0 ? 0 : sorted[(sorted.length - 1) * percent / 100] / 1e6;
  }
}
