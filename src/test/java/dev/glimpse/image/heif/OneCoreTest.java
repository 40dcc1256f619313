package dev.glimpse.image.heif;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class OneCoreTest {

  @Test
  void threadHasOneProcessorAndThenAllOfThemAgain() throws IOException {
    String before = processors();

    OneCore core = OneCore.take();
    try {
      assertThat(processors()).matches("\\d+");
    } finally {
      core.release();
    }

    assertThat(processors()).isEqualTo(before);
  }

  /** Returns those that the calling thread may use, such as "0-3,8". */
  private static String processors() throws IOException {
    return Files.readAllLines(Path.of("/proc/thread-self/status")).stream()
        .filter(line -> line.startsWith("Cpus_allowed_list:"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElseThrow();
  }
}
