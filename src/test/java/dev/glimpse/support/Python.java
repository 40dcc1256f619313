package dev.glimpse.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Python with packages from PyPI, in a virtual environment of its own below {@code target}. */
public final class Python {

  private final Path folder;

  private Python(Path folder) {
    this.folder = folder;
  }

  /**
   * Makes the environment, unless an earlier run has. The test is skipped, with the reason, where
   * there is no Python or no PyPI.
   */
  public static Python with(Path requirements) throws Exception {
    String name = requirements.getFileName().toString().replace(".txt", "");
    Path folder = Path.of("target", name);
    Path installed = folder.resolve("installed.txt");
    Python python = new Python(folder);
    if (!Files.exists(installed) || Files.mismatch(installed, requirements) >= 0) {
      require("python3", "-m", "venv", "--clear", folder.toString());
      require(
          python.program("pip"),
          "install",
          "--quiet",
          "--disable-pip-version-check",
          "--only-binary=:all:",
          "--requirement",
          requirements.toString());
      Files.copy(requirements, installed);
    }
    return python;
  }

  /** The path of one of its programs. */
  public String program(String name) {
    return folder.resolve("bin").resolve(name).toString();
  }

  /** What a command says, and how it ended if it did not end well. */
  public static String run(String... command) throws Exception {
    Path log = Files.createTempFile(Path.of("target"), "python-", ".log");
    Process process =
        new ProcessBuilder(List.of(command))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      boolean ended = process.waitFor(10, TimeUnit.MINUTES);
      String output = Files.readString(log).strip();
      if (!ended) {
        return output + "\n" + command[0] + " took longer than 10 minutes";
      }
      int status = process.exitValue();
      return status == 0 ? output : output + "\n" + command[0] + " ended with status " + status;
    } finally {
      process.destroyForcibly();
      Files.deleteIfExists(log);
    }
  }

  private static void require(String... command) throws Exception {
    String said;
    try {
      said = run(command);
    } catch (IOException e) {
      said = String.valueOf(e.getMessage());
    }
    String reason = said.substring(said.indexOf('\n') + 1);
    Assumptions.assumeTrue(said.isEmpty(), () -> "not to be had here: " + reason);
  }
}
