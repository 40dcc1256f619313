package dev.glimpse.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Repository;
import dev.glimpse.support.Service;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Starts the packaged application, the jar or the native executable, with a repository in which
 * files are no files, and names forge lines of the log.
 */
@Timeout(60)
class HostileRepositoryIT {

  private static final String FORGED = "a\n2026-01-01 INFO all is well\u001b[2J\u202egnp";

  @TempDir private Path folder;

  @Test
  void goodModelIsServedAndTheOthersAreNamed() throws Exception {
    Repository repository = new Repository(folder);
    repository.put("colors/1", "colors", 1);
    replaceByPipe(repository.put("colors/1", "pipe", 1).resolve("config.json"));
    Path device = repository.put("colors/1", "device", 1).resolve("model.onnx");
    Files.delete(device);
    Files.createSymbolicLink(device, Path.of("/dev/zero"));
    Path graph = repository.put("colors/1", "directory", 1).resolve("model.onnx");
    Files.delete(graph);
    Files.createDirectory(graph);
    repository.put("colors/1", FORGED, 1);
    for (int i = 0; i < 3000; i++) {
      Files.createDirectory(folder.resolve("colors/version-" + i));
    }

    long started = System.nanoTime();
    try (Service service =
        Service.start(
            Map.of(
                "glimpse.models.path", folder.toString(),
                "glimpse.models.default", "colors",
                "glimpse.repository.poll", "1h"))) { // without it, a bad model stops the start
      assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(15));
      assertThat(service.status("/v2/models/colors/ready")).isEqualTo(200);
      String log = service.log();
      assertThat(log.lines().count()).as(log).isLessThan(60);
      assertThat(log)
          .contains("pipe/1 is not served", "device/1 is not served", "directory/1 is not served")
          .contains("model.onnx is a folder")
          .contains("a\\u000a2026-01-01 INFO all is well\\u001b[2J\\u202egnp")
          .doesNotContain(FORGED, "\u001b", "\u202e", "\tat ");
      assertThat(log.lines()).noneMatch(line -> line.startsWith("2026-01-01"));
    }
  }

  private static void replaceByPipe(Path file) throws Exception {
    Files.delete(file);
    assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor()).isZero();
  }
}
