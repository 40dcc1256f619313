package dev.glimpse.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Fixtures;
import dev.glimpse.support.Service;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an operator sees of a model that cannot be served. */
class BrokenModelIT {

  @Test
  @Timeout(60)
  void theStartEndsWithOneSentenceAndNoStack() throws Exception {
    Path model = Fixtures.BROKEN_MODELS.resolve("label-count-mismatch");
    List<String> options = List.of("-Dglimpse.models.path=" + model, "-Dquarkus.http.port=0");
    Process service =
        new ProcessBuilder(Service.command(options)).redirectErrorStream(true).start();
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
