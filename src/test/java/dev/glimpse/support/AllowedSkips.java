package dev.glimpse.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Names the tests that may be skipped on CI, one per line: {@code test | words | why}. The test is
 * a {@code Class}, which stands for all of its methods, or a {@code Class.method}, by simple names;
 * the words are a part of the message that the skip gives.
 */
record AllowedSkips(List<Entry> entries) {

  record Entry(String test, String words, String why) {

    private static Entry of(String line) {
      String[] columns = line.split(" *\\| *", 3);
      if (columns.length < 3) {
        throw new IllegalArgumentException("\"" + line + "\" should be: test | words | why");
      }
      return new Entry(columns[0], columns[1], columns[2]);
    }

    private boolean matches(String name, String message) {
      return (name.equals(test) || name.startsWith(test + ".")) && message.contains(words);
    }
  }

  static AllowedSkips read(Path file) throws IOException {
    return new AllowedSkips(
        Files.readAllLines(file).stream()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .map(Entry::of)
            .toList());
  }

  /**
   * Tells whether this test, {@code Class} or {@code Class.method}, may be skipped with this
   * message.
   */
  boolean contains(String test, String message) {
    return entries.stream().anyMatch(entry -> entry.matches(test, message));
  }
}
