package dev.glimpse.support;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Makes the models of {@code src/test/zoo} with Python, which takes minutes; they are kept until
 * one of these programs changes.
 */
public final class GeneratedZoo {

  private static final Path PROGRAMS = Path.of("src/test/zoo");

  private GeneratedZoo() {}

  /**
   * Returns the folder with models, inputs and outputs. The test is skipped, with the reason, where
   * there is no Python or no PyPI.
   */
  public static Path folder() throws Exception {
    StringBuilder sources = new StringBuilder();
    for (Path program : programs()) {
      sources.append(Files.readString(program));
    }
    Python python = Python.with(PROGRAMS.resolve("requirements.txt"));
    Path folder = Kept.folder("zoo", sources.toString(), made -> make(python, made));
    return folder.resolve("zoo");
  }

  private static List<Path> programs() throws Exception {
    try (Stream<Path> files = Files.list(PROGRAMS)) {
      return files.filter(file -> file.toString().matches(".*\\.(py|txt)")).sorted().toList();
    }
  }

  private static void make(Python python, Path folder) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(python.program("python"));
    command.add(PROGRAMS.resolve("make.py").toString());
    command.addAll(List.of("--out", folder.resolve("zoo").toString()));
    String output = Command.run(command.toArray(String[]::new));
    if (output.contains(" ended with status ") || output.contains("took longer than")) {
      throw new IllegalStateException(output);
    }
  }
}
