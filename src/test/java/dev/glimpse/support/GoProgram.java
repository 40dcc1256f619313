package dev.glimpse.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Programs of others that tests compile from Go modules. */
public final class GoProgram {

  private GoProgram() {}

  /**
   * Compiles a program, unless an earlier run has, which takes minutes. The test is skipped, with
   * the reason, where there is no Go or no module proxy; a program that does not compile fails it.
   *
   * @param module a folder with {@code go.mod}, {@code go.sum} and {@code main.go}
   * @return the path of the executable
   */
  public static String compile(Path module) throws Exception {
    StringBuilder of = new StringBuilder(Command.require("go", "version"));
    for (String file : List.of("go.mod", "go.sum", "main.go")) {
      of.append(Files.readString(module.resolve(file)));
    }
    return Kept.folder("go", of.toString(), folder -> build(module, folder))
        .resolve("program")
        .toString();
  }

  private static void build(Path module, Path folder) throws Exception {
    String program = folder.resolve("program").toAbsolutePath().toString();
    Command.require("go", "-C", module.toString(), "mod", "download");
    String said =
        Command.run("go", "-C", module.toString(), "build", "-trimpath", "-o", program, ".");
    assertThat(said).doesNotContain(" ended with status ", " took longer than ");
  }
}
