package dev.glimpse.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs {@link HeifMutants} in a process of its own: a crash of a decoder in C ends that process,
 * and the message names the mutant.
 *
 * <p>{@code -Dfuzz.cases=200000} runs more cases, {@code -Dfuzz.seed=7} others, and {@code
 * -Dfuzz.case=123}, with the seed of the message, a single one.
 */
class HeifFuzzTest {

  private static final int CASES = 3_000;
  private static final long MILLIS_PER_CASE = 50;

  /** Without the heap's limit, what libheif allocates would not be noticed. */
  private static final List<String> LIMITS = List.of("-Xmx256m", "-XX:+UseSerialGC");

  @TempDir Path folder;

  @Test
  void eachMutantIsDecodedOrRefused() throws IOException, InterruptedException {
    Assumptions.assumeTrue(
        ReadFormats.contain("HEIC") && ReadFormats.contain("AVIF"), "libheif is not installed");
    long seed = Long.getLong("fuzz.seed", 20_261_129L);
    int only = Integer.getInteger("fuzz.case", -1);
    int first = Math.max(only, 0);
    int last = only >= 0 ? only : Integer.getInteger("fuzz.cases", CASES) - 1;
    Path progress = folder.resolve("progress");
    Path output = folder.resolve("output");

    Process process = start(seed, first, last, progress, output);
    boolean ended =
        process.waitFor(30_000 + MILLIS_PER_CASE * (last - first + 1), TimeUnit.MILLISECONDS);
    process.destroyForcibly();

    String what =
        "-Dfuzz.seed=%d -Dfuzz.case=%s: %s"
            .formatted(
                seed,
                Files.exists(progress) ? Files.readString(progress) : "none",
                Files.readString(output));
    assertThat(ended).as("in time, %s", what).isTrue();
    assertThat(process.exitValue()).as(what).isZero();
    assertThat(Files.readString(output))
        .contains("Outcomes: ")
        .as("what libde265 writes to the standard error")
        .doesNotContain("SPS error");
    System.out.print(Files.readString(output));
  }

  private Process start(long seed, int first, int last, Path progress, Path output)
      throws IOException {
    String classes =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    ArrayList<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.addAll(LIMITS);
    command.add("-XX:ErrorFile=" + folder.resolve("crash"));
    command.addAll(List.of("-cp", classes, HeifMutants.class.getName()));
    command.addAll(List.of("" + seed, "" + first, "" + last, progress.toString()));
    return new ProcessBuilder(command)
        .directory(new File("").getAbsoluteFile())
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }
}
