package dev.glimpse.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Runs programs for tests. */
public final class Command {

  private Command() {}

  /** Returns the output of a command, and its exit status if that is not 0. */
  public static String run(String... command) throws Exception {
    return run(List.of(command), Map.of());
  }

  /** Returns the output of a command with additional environment variables. */
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

  /** Runs a command that a test requires; skips the test, with the reason, if it fails. */
  public static String require(String... command) throws Exception {
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
