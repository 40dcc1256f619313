package dev.glimpse.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Reads the documents whose commands and settings tests check: README.md and those in docs/. */
public final class Documents {

  private Documents() {}

  /** Returns README.md and the files in docs/, in the order of their names. */
  public static List<Path> paths() throws IOException {
    try (Stream<Path> docs = Files.list(Path.of("docs"))) {
      return Stream.concat(
              Stream.of(Path.of("README.md")),
              docs.filter(path -> path.toString().endsWith(".md")).sorted())
          .toList();
    }
  }

  /** Returns every Markdown file of the repository, in the order of their paths. */
  public static List<Path> all() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(""))) {
      return files
          .filter(file -> file.toString().endsWith(".md"))
          .filter(file ->
              !file.toString()
                  .matches("(target|\\.kept|\\.git)/.*|.*/node_modules/.*|.*template\\.md"))
          .sorted()
          .toList();
    }
  }

  /** Returns the text of README.md and of the files in docs/, one after the other. */
  public static String text() throws IOException {
    StringBuilder text = new StringBuilder();
    for (Path path : paths()) {
      text.append(Files.readString(path)).append('\n');
    }
    return text.toString();
  }
}
