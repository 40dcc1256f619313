package dev.glimpse.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * Runs the library in C under AddressSanitizer and UndefinedBehaviorSanitizer, in a process of its
 * own, with random and with wrong jobs. {@code -Dpixels.seeds=1000000} tries more.
 */
class PixelLibraryFuzzTest {

  private static final int SEEDS = Integer.getInteger("pixels.seeds", 2000);

  @Test
  void randomJobsTouchNoOtherMemory() throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/cc")), "There is no C compiler");
    Process process =
        new ProcessBuilder("src/test/c/fuzz.sh", "0", Integer.toString(SEEDS))
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    boolean hasSanitizers = !output.contains("cannot find");
    assumeTrue(hasSanitizers, "The C compiler has no sanitizers");

    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).startsWith(SEEDS + " seeds");
  }
}
