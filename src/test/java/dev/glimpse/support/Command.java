package dev.glimpse.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Programs that a test runs. */
public final class Command {

  private Command() {}

  /** What a command says, and how it ended if it did not end well. */
  public static String run(String... command) throws Exception {
    return run(List.of(command), Map.of());
  }

  /** As above, with more in its environment. */
  public static String run(List<String> command, Map<String, String> environment) throws Exception {
    Path log = Files.createTempFile(Path.of("target"), "command-", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      boolean ended = process.waitFor(10, TimeUnit.MINUTES);
      String output = Files.readString(log).strip();
      if (!ended) {
        return output + "\n" + command.get(0) + " took longer than 10 minutes";
      }
      int status = process.exitValue();
      return status == 0 ? output : output + "\n" + command.get(0) + " ended with status " + status;
    } finally {
      process.destroyForcibly();
      Files.deleteIfExists(log);
    }
  }

  /** Runs what a test cannot do without: it is skipped, with the reason, where this fails. */
  static String require(String... command) throws Exception {
    String said;
    try {
      said = run(command);
    } catch (IOException e) {
      said = e.getMessage() + " ended with status 127";
    }
    String reason = said;
    Assumptions.assumeFalse(
        said.contains(" ended with status "), () -> "not to be had here: " + reason);
    return said;
  }
}
