package dev.glimpse.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Fixtures;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an operator sees of a model that cannot be served. */
class BrokenModelIT {

  private static final Path JAR = Path.of("target/quarkus-app/quarkus-run.jar");

  @Test
  @Timeout(60)
  void theStartEndsWithOneSentenceAndNoStack() throws Exception {
    Assumptions.assumeTrue(JAR.toFile().exists(), "there is no jar, only a native executable");
    Process service =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dglimpse.models.path=" + Fixtures.BROKEN_MODELS.resolve("label-count-mismatch"),
                "-Dquarkus.http.port=0",
                "-jar",
                JAR.toString())
            .redirectErrorStream(true)
            .start();
    boolean ended = service.waitFor(30, TimeUnit.SECONDS);
    if (!ended) {
      service.destroy();
    }
    assertThat(ended).as("it ended by itself").isTrue();
    String log = new String(service.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(service.exitValue()).isEqualTo(1);
    assertThat(log.lines().filter(line -> line.contains("label-count-mismatch")))
        .singleElement()
        .asString()
        .contains("the graph has 6 classes and config.json names 5");
    assertThat(log).doesNotContain("\tat ").doesNotContain("Listening");
  }
}
