package dev.glimpse.support;

import java.nio.file.Files;
import java.nio.file.Path;

/** Runs Python with packages from PyPI, in a virtual environment of its own. */
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
    String version = Command.require("python3", "--version");
    return new Python(
        Kept.folder(
            "python",
            version + Files.readString(requirements),
            folder -> install(requirements, folder)));
  }

  private static void install(Path requirements, Path folder) throws Exception {
    Command.require("python3", "-m", "venv", "--clear", folder.toString());
    Command.require(
        new Python(folder).program("pip"),
        "install",
        "--quiet",
        "--no-compile", // Python compiles only what is imported, which is little
        "--disable-pip-version-check",
        "--only-binary=:all:",
        "--requirement",
        requirements.toString());
  }

  /** Returns the path of one of its programs. */
  public String program(String name) {
    return folder.resolve("bin").resolve(name).toString();
  }
}
