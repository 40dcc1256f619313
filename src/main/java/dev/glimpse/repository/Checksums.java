package dev.glimpse.repository;

import dev.glimpse.digest.Sha256;
import dev.glimpse.failure.UnservableModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Verifies a model's files against the optional file {@code SHA256SUMS} in its folder, in the
 * format of {@code sha256sum}: on each line the hash, two spaces or a space and an asterisk, and
 * the file's path in the folder.
 */
public final class Checksums {

  public static final String FILE = "SHA256SUMS";

  private static final Pattern LINE = Pattern.compile("([0-9A-Fa-f]{64}) [ *](.+)");

  private Checksums() {}

  /**
   * Verifies every listed file; reads all of them.
   *
   * @return how many files were verified; 0 if there is no list
   * @throws UnservableModelException if one is missing or differs, or the list cannot be read
   */
  public static int verify(ModelFolder folder) {
    if (!Files.exists(folder.file(FILE))) {
      return 0;
    }
    List<String> lines = folder.read(FILE).lines().filter(line -> !line.isBlank()).toList();
    for (String line : lines) {
      Matcher entry = LINE.matcher(line);
      if (!entry.matches()) {
        throw folder.unservable(FILE + " has a line that is not in the format of sha256sum");
      }
      String name = entry.group(2);
      Path file = folder.file(name).normalize();
      // Its hash could reveal a file of this machine.
      if (!file.startsWith(folder.path().normalize())) {
        throw folder.unservable(FILE + " names a file outside the folder");
      }
      if (!Files.isRegularFile(file)) {
        throw folder.unservable(FILE + " names " + name + ", which does not exist");
      }
      if (!sha256(folder, file).equals(entry.group(1).toLowerCase(Locale.ROOT))) {
        throw folder.unservable(
            name + " does not match its checksum in " + FILE + "; copy it again");
      }
    }
    return lines.size();
  }

  private static String sha256(ModelFolder folder, Path file) {
    try {
      return Sha256.hex(file);
    } catch (IOException e) {
      throw folder.unservable(file.getFileName() + " cannot be read", e);
    }
  }
}
