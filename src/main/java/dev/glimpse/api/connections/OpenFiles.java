package dev.glimpse.api.connections;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads how many files, sockets included, this process may still open ({@code ulimit -n}). */
final class OpenFiles {

  private static final Pattern LIMIT = Pattern.compile("Max open files +(\\d{1,9}) ");
  private static final Path SELF = Path.of("/proc/self");

  /** For model files, downloads and libraries. */
  private static final int RESERVE = 32;

  private static final int LEAST = 16;

  private OpenFiles() {}

  /** Returns how many connections fit; as many as an int holds where the system does not say. */
  static int spare() {
    try {
      int open = 0;
      try (DirectoryStream<Path> files = Files.newDirectoryStream(SELF.resolve("fd"))) {
        for (Path ignored : files) {
          open++;
        }
      }
      int spare = limit(Files.readString(SELF.resolve("limits"))).orElse(Integer.MAX_VALUE) - open;
      return Math.max(spare - RESERVE, LEAST);
    } catch (IOException e) {
      return Integer.MAX_VALUE;
    }
  }

  /** Returns the soft limit; empty if files are not limited. */
  static Optional<Integer> limit(String limits) {
    Matcher line = LIMIT.matcher(limits);
    return line.find() ? Optional.of(Integer.valueOf(line.group(1))) : Optional.empty();
  }
}
