package dev.glimpse.docs;

import static dev.glimpse.support.Polling.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs a document's commands, word by word, in a folder that has the clone's own; where the
 * packaged application is an executable, it stands in for {@code java -jar}, and free ports for
 * 8080 and 9000.
 */
final class DocumentedSession implements AutoCloseable {

  private static final Pattern PROGRAM =
      Pattern.compile("java( -D\\S+)? -jar target/quarkus-app/quarkus-run.jar");

  private static final Pattern LISTENING = Pattern.compile("Listening on: https?://[^:]+:(\\d+)");

  private static final Pattern MANAGEMENT = Pattern.compile("Management port: [^:]+:(\\d+)");

  private final Path clone;
  private final Map<String, String> environment = new HashMap<>(Map.of("PORT", "0"));
  private Process service;
  private String port = "8080";
  private String managementPort = "9000";

  DocumentedSession(Path clone) throws IOException {
    this.clone = clone;
    for (String folder : List.of("target", "src", "models")) {
      Files.createSymbolicLink(clone.resolve(folder), Path.of(folder).toAbsolutePath());
    }
  }

  /** Sets an environment variable of later commands. */
  void set(String variable, String value) {
    environment.put(variable, value);
  }

  /** Runs a command and returns what it has printed; fails unless its status is 0. */
  String run(String command) throws Exception {
    Files.deleteIfExists(clone.resolve("output"));
    String here =
        command
            .replace("localhost:8080", "localhost:" + port)
            .replace("localhost:9000", "localhost:" + managementPort);
    int status = start(here, "output").waitFor();
    assertThat(status).as("%s: %s", command, text("output")).isZero();
    return text("output");
  }

  /** Starts the service by a command, and waits until it listens. */
  void serve(String command) throws Exception {
    int program = command.indexOf("java ");
    String settings = command.substring(0, program).replace(":9000", ":0");
    Files.deleteIfExists(clone.resolve("log"));
    service = start(settings + "exec " + command.substring(program), "log");
    Matcher listening = LISTENING.matcher("");
    await()
        .until(() -> {
          assertThat(service.isAlive()).as(text("log")).isTrue();
          return listening.reset(text("log")).find();
        });
    port = listening.group(1);
    Matcher management = MANAGEMENT.matcher(text("log"));
    if (management.find()) {
      managementPort = management.group(1);
    }
  }

  private Process start(String command, String output) throws IOException {
    ProcessBuilder bash =
        new ProcessBuilder("bash", "-c", onThisJvm(command))
            .directory(clone.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(clone.resolve(output).toFile()));
    bash.environment().putAll(environment);
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

  private String text(String file) {
    try {
      return Files.readString(clone.resolve(file));
    } catch (IOException e) {
      return ""; // nothing has been printed yet
    }
  }

  @Override
  public void close() {
    if (service != null) {
      service.destroy();
      service.onExit().join();
    }
  }
}
