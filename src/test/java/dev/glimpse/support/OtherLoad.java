package dev.glimpse.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Measures how much CPU time other programs take during a test, so that times are judged only where
 * the CPUs were the test's own; see {@code proc_stat(5)}.
 */
public final class OtherLoad {

  private static final long NANOS_PER_TICK = 10_000_000; // USER_HZ is 100 everywhere

  /** The columns of user, nice, system, hardware and software interrupts, and stolen time. */
  private static final List<Integer> BUSY = List.of(1, 2, 3, 6, 7, 8);

  private final ProcessHandle service;
  private final long started = System.nanoTime();
  private final long busyBefore;
  private final long ownBefore;

  /** Begins, with this process and the service's as the test's own. */
  public OtherLoad(long servicePid) throws IOException {
    this.service = ProcessHandle.of(servicePid).orElseThrow();
    this.busyBefore = busy();
    this.ownBefore = own();
  }

  /** Returns how many CPUs others have kept busy since the beginning, on average. */
  public double cpus() throws IOException {
    double others = (busy() - busyBefore) - (double) (own() - ownBefore);
    return Math.max(others / (System.nanoTime() - started), 0);
  }

  private static long busy() throws IOException {
    Path file = Path.of("/proc/stat");
    if (!Files.exists(file)) {
      return 0; // not Linux
    }
    try (Stream<String> lines = Files.lines(file)) {
      List<String> columns = Arrays.asList(lines.findFirst().orElseThrow().split(" +"));
      return BUSY.stream().mapToLong(i -> Long.parseLong(columns.get(i))).sum() * NANOS_PER_TICK;
    }
  }

  private long own() {
    return Stream.of(service, ProcessHandle.current())
        .mapToLong(process -> process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos())
        .sum();
  }
}
