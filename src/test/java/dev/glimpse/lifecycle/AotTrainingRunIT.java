package dev.glimpse.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.glimpse.support.Service;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs on the packaged service; {@code .ci/run} starts a JVM from the file that a run leaves. */
class AotTrainingRunIT {

  @TempDir Path folder;

  @Test
  @Timeout(120)
  void sendsItselfRequestsOnAPrivatePortAndExits() throws Exception {
    List<String> command = new ArrayList<>(Service.command(List.of("-Dquarkus.http.port=1")));
    assumeThat(command).as("a JVM").contains("-jar");
    command.add(AotTrainingRun.ARGUMENT);
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    boolean ended = process.waitFor(110, TimeUnit.SECONDS);
    process.destroyForcibly();

    assertThat(ended).as("it exited by itself").isTrue();
    assertThat(Files.readString(log)).contains("150 of them succeeded");
    assertThat(process.exitValue()).isZero();
  }
}
