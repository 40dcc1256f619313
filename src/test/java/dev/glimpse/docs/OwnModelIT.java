package dev.glimpse.docs;

import static dev.glimpse.support.Polling.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Curl;
import dev.glimpse.support.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Serves a model by the README's four commands, word by word, on the packaged application; where
 * that is an executable, it stands in for {@code java -jar}.
 */
@Timeout(120)
class OwnModelIT {

  private static final Pattern PROGRAM =
      Pattern.compile("java( -D\\S+)? -jar target/quarkus-app/quarkus-run.jar");

  private static final Pattern LISTENING = Pattern.compile("Listening on: http://[^:]+:(\\d+)");

  @TempDir private Path clone;

  @Test
  void fourCommandsServeAModel() throws Exception {
    Assumptions.assumeTrue(Curl.isInstalled(), "curl is not installed");
    List<String> commands =
        DocumentedCommand.of(Path.of("README.md")).stream()
            .map(DocumentedCommand::text)
            .dropWhile(command -> !command.startsWith("mkdir my-models"))
            .limit(4)
            .toList();
    for (String folder : List.of("target", "src", "models")) {
      Files.createSymbolicLink(clone.resolve(folder), Path.of(folder).toAbsolutePath());
    }

    run(commands.get(0));
    run(commands.get(1));
    assertThat(output()).contains("my-models/mine is mine, version 1");

    Process service = start("exec " + commands.get(2));
    try {
      Matcher listening = LISTENING.matcher("");
      await()
          .until(() -> {
            assertThat(service.isAlive()).as(output()).isTrue();
            return listening.reset(output()).find();
          });
      run(commands.get(3).replace("localhost:8080", "localhost:" + listening.group(1)));
      assertThat(output()).contains("\"model\":\"mine\"").contains("\"label\":\"daisy\"");
    } finally {
      service.destroy();
      service.waitFor();
    }
  }

  private void run(String command) throws Exception {
    int status = start(command).waitFor();
    assertThat(status).as("%s: %s", command, output()).isZero();
  }

  private Process start(String command) throws IOException {
    ProcessBuilder bash =
        new ProcessBuilder("bash", "-c", onThisJvm(command))
            .directory(clone.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(clone.resolve("output").toFile()));
    bash.environment().put("PORT", "0");
    return bash.start();
  }

  /** The command as it is, but for the JVM, or the executable in its place. */
  private static String onThisJvm(String command) throws IOException {
    Matcher program = PROGRAM.matcher(command);
    if (!program.find()) {
      return command;
    }
    List<String> options = program.group(1) == null ? List.of() : List.of(program.group(1).strip());
    return program.replaceFirst(
        Matcher.quoteReplacement(String.join(" ", Service.command(options))));
  }

  private String output() {
    try {
      return Files.readString(clone.resolve("output"));
    } catch (IOException e) {
      return ""; // no command has run yet
    }
  }
}
