package dev.glimpse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

@Timeout(60)
@DisabledOnOs(OS.WINDOWS) // which has no such signals
class StopOnSignalTest {

  @Test
  void theProcessEndsAfterTheWorkIsClosed() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Working.class.getName())
            .redirectErrorStream(true)
            .start();
    try (BufferedReader printed =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(printed.readLine()).isEqualTo("loading");
      new ProcessBuilder("kill", "-TERM", "" + process.pid()).start().waitFor();
      assertThat(printed.lines()).containsExactly("stopped", "stopped at once", "closed");
    }
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(143);
  }

  /** Works until it is stopped, twice. */
  static final class Working {

    public static void main(String... arguments) throws InterruptedException {
      try (StopOnSignal signal = StopOnSignal.open()) {
        CountDownLatch stopped = new CountDownLatch(1);
        signal.stopsBy(stopped::countDown);
        System.out.println("loading");
        stopped.await();
        System.out.println("stopped");
        signal.stopsBy(() -> System.out.println("stopped at once"));
        TimeUnit.MILLISECONDS.sleep(300); // the end of the process waits
        System.out.println("closed");
      }
    }
  }
}
