package dev.glimpse.support;

import java.nio.file.Files;
import java.nio.file.Path;

/** Programs of others that tests compile from Go modules. */
public final class GoProgram {

  private GoProgram() {}

  /**
   * Compiles a program, unless an earlier run has, which takes minutes. The test is skipped, with
   * the reason, where there is no Go or no module proxy.
   *
   * @param module a folder with {@code go.mod}, {@code go.sum} and {@code main.go}
   * @return the path of the executable
   */
  public static String compile(Path module) throws Exception {
    Command.require("go", "version");
    String of =
        Files.readString(module.resolve("go.sum")) + Files.readString(module.resolve("main.go"));
    return Kept.folder("go", of, folder -> build(module, folder)).resolve("program").toString();
  }

  private static void build(Path module, Path folder) throws Exception {
    String program = folder.resolve("program").toAbsolutePath().toString();
    Command.require("go", "-C", module.toString(), "build", "-trimpath", "-o", program, ".");
  }
}
