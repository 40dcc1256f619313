package dev.glimpse.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Fixtures;
import dev.glimpse.support.Service;
import io.restassured.RestAssured;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command line of the packaged application, jar or native executable. */
@Timeout(60)
class CommandsIT {

  private static final String JAR = "java -jar target/quarkus-app/quarkus-run.jar ";

  private record Ran(int status, String out, String err) {}

  /** Runs every such command of the README; what stands below it has to come out. */
  @Test
  void theCommandsOfTheReadme() throws Exception {
    Pattern pair =
        Pattern.compile("```sh\\n" + JAR + "(.*?)\\n```\\s+```\\n(.*?)```", Pattern.DOTALL);
    List<MatchResult> commands =
        pair.matcher(Files.readString(Path.of("README.md"))).results().toList();
    assertThat(commands).hasSizeGreaterThanOrEqualTo(2);
    for (MatchResult command : commands) {
      Ran ran = run(command.group(1).split(" "));
      assertThat(ran.err()).isEmpty();
      assertThat(steady(ran.out())).isEqualTo(steady(command.group(2)));
      assertThat(ran.status()).isZero();
    }
  }

  @Test
  void theStatusSaysHowItWent() throws Exception {
    Path broken = Fixtures.BROKEN_MODELS.resolve("label-count-mismatch/bad");
    Ran bad = run("models", "check", broken.toString());
    assertThat(bad.status()).isEqualTo(1);
    assertThat(bad.out()).isEmpty();
    assertThat(bad.err())
        .contains("the graph has 6 classes and config.json names 5")
        .hasLineCount(1);
    assertThat(run("models", "chekc").status()).isEqualTo(2);
  }

  /** As the README and the containers have it: prepare once, then start with what was prepared. */
  @Test
  void theServiceStartsWithWhatWasPrepared(@TempDir Path repository) throws Exception {
    Path model = Files.createDirectories(repository.resolve("colors"));
    try (Stream<Path> files = Files.list(Fixtures.MODELS.resolve("colors/2"))) {
      for (Path file : files.toList()) {
        Files.copy(file, model.resolve(file.getFileName()));
      }
    }
    Map<String, String> settings = Map.of("glimpse.models.path", repository.toString());
    byte[] picture = Fixtures.image("red.jpg");
    List<Map<String, ?>> exported;
    try (Service service = Service.start(settings)) {
      exported = predictions(service, picture);
      assertThat(service.log()).contains("exported graph");
    }

    Ran ran = runWith(List.of("-Dglimpse.models.path=" + repository), "models", "prepare");
    Assumptions.assumeFalse(
        ran.err().contains("on this processor"), "graphs are prepared for x86-64 only");
    assertThat(ran.err()).isEmpty();
    assertThat(ran.out()).isEqualTo("colors/1: " + model.resolve("model.prepared.ort") + "\n");
    assertThat(ran.status()).isZero();

    try (Service service = Service.start(settings)) {
      assertThat(predictions(service, picture)).isEqualTo(exported);
      assertThat(service.log()).contains("prepared graph").doesNotContain("exported graph");
    }
  }

  private static List<Map<String, ?>> predictions(Service service, byte[] picture) {
    return RestAssured.given()
        .port(service.port())
        .contentType("image/jpeg")
        .body(picture)
        .post("/predict")
        .jsonPath()
        .getList("predictions");
  }

  /** Times vary, and the last digits of scores. */
  private static String steady(String text) {
    return text.replaceAll("\\d+ ms", "… ms").replaceAll("(0\\.\\d\\d)\\d\\d", "$1");
  }

  private static Ran run(String... arguments) throws IOException, InterruptedException {
    return runWith(List.of(), arguments);
  }

  private static Ran runWith(List<String> settings, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(Service.command(settings));
    command.addAll(List.of(arguments));
    Path err = Files.createTempFile(Path.of("target"), "command-", ".err");
    Process process = new ProcessBuilder(command).redirectError(err.toFile()).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return new Ran(process.exitValue(), out, Files.readString(err));
  }
}
