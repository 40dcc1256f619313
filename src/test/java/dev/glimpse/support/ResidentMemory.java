package dev.glimpse.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Reads the resident memory of a process; see {@code proc_pid_status(5)}. */
public final class ResidentMemory {

  private ResidentMemory() {}

  /** Returns MiB, rounded down. Skips the test where there is no {@code /proc}. */
  public static long mebibytes(long pid) throws IOException {
    Path status = Path.of("/proc", Long.toString(pid), "status");
    Assumptions.assumeTrue(Files.exists(status), "no /proc here");
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElseThrow();
  }
}
