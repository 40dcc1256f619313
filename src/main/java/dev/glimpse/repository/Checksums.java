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
 * The checksums that may lie beside a model in a file {@code SHA256SUMS}, as {@code sha256sum}
 * writes it: a line for each file, its hash, two spaces or a space and a star, and its path in the
 * folder.
 */
public final class Checksums {

  public static final String FILE = "SHA256SUMS";

  private static final Pattern LINE = Pattern.compile("([0-9A-Fa-f]{64}) [ *](.+)");

  private Checksums() {}

  /**
   * Compares every file that is listed; reads all of them.
   *
   * @return how many there are; 0 where there is no list
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
        throw folder.unservable(FILE + " has a line that sha256sum does not write");
      }
      String name = entry.group(2);
      Path file = folder.file(name).normalize();
      if (!file.startsWith(folder.path().normalize())) { // and might tell of this machine
        throw folder.unservable(FILE + " names a file outside the folder");
      }
      if (!Files.isRegularFile(file)) {
        throw folder.unservable(FILE + " names " + name + ", which is not there");
      }
      if (!sha256(folder, file).equals(entry.group(1).toLowerCase(Locale.ROOT))) {
        throw folder.unservable(name + " is not what " + FILE + " says; copy it again");
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
