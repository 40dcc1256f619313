package dev.glimpse.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Fixtures;
import dev.glimpse.support.Service;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an operator sees of a model that cannot be served. */
class BrokenModelIT {

  @Test
  @Timeout(60)
  void theStartEndsWithOneSentenceAndNoStack() throws Exception {
    Path model = Fixtures.BROKEN_MODELS.resolve("label-count-mismatch");

    assertThat(failedStart("-Dglimpse.models.path=" + model).filter(has("label-count-mismatch")))
        .singleElement()
        .asString()
        .contains("the graph has 6 classes and config.json names 5");
  }

  @Test
  @Timeout(60)
  void noUnsignedModelIsServedWhereAllHaveToBeSigned() throws Exception {
    Path keys = Fixtures.RESOURCES.resolve("signing/p256.pem");
    String repository = "-Dglimpse.models.path=" + Fixtures.MODELS.resolve("colors");

    assertThat(failedStart(repository, "-Dglimpse.models.verify=" + keys).filter(has("model.sig")))
        .singleElement()
        .asString()
        .contains("models/colors/1: it is not signed: there is no model.sig; sign the folder");
    assertThat(failedStart(repository, "-Dglimpse.models.verify=none.pem").filter(has("none.pem")))
        .singleElement()
        .asString()
        .contains("glimpse.models.verify: the file none.pem cannot be read; correct its path");
  }

  private static Predicate<String> has(String text) {
    return line -> line.contains(text);
  }

  /** Returns the lines that a start prints that fails. */
  private static Stream<String> failedStart(String... options) throws Exception {
    List<String> all = new ArrayList<>(List.of(options));
    all.add("-Dquarkus.http.port=0");
    Process service = new ProcessBuilder(Service.command(all)).redirectErrorStream(true).start();
    boolean ended = service.waitFor(30, TimeUnit.SECONDS);
    if (!ended) {
      service.destroy();
    }
    assertThat(ended).as("it ended by itself").isTrue();
    String log = new String(service.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(service.exitValue()).isEqualTo(1);
    assertThat(log).doesNotContain("\tat ").doesNotContain("Listening");
    return log.lines();
  }
}
