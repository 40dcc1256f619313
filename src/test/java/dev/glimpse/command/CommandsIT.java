package dev.glimpse.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Fixtures;
import dev.glimpse.support.Service;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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

  /** Times vary, and the last digits of scores. */
  private static String steady(String text) {
    return text.replaceAll("\\d+ ms", "… ms").replaceAll("(0\\.\\d\\d)\\d\\d", "$1");
  }

  private static Ran run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(Service.command(List.of()));
    command.addAll(List.of(arguments));
    Path err = Files.createTempFile(Path.of("target"), "command-", ".err");
    Process process = new ProcessBuilder(command).redirectError(err.toFile()).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return new Ran(process.exitValue(), out, Files.readString(err));
  }
}
