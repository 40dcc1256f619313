package dev.glimpse.folder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.IntPredicate;

/**
 * Finds a name that is free in a folder: the wished one, or with a number, as {@code photo-2.jpg}.
 * As numbers are given in order, a bisection finds the next in a time that hardly grows with them.
 */
final class FreeName {

  private static final int LAST = 1 << 30;

  /** In bytes, on most file systems. */
  private static final int LONGEST = 255;

  /** What is longer is no suffix. */
  private static final int LONGEST_SUFFIX = 20;

  private FreeName() {}

  /**
   * Returns a free name of at most 255 bytes.
   *
   * @throws IOException if it cannot be known whether a name is free
   */
  static String in(Path folder, String wished) throws IOException {
    if (!Files.isDirectory(folder)) { // Java 25 reports a name below a file as free
      throw new NotDirectoryException(folder.toString());
    }
    IntPredicate free = number -> isFree(FileNames.resolve(folder, numbered(wished, number)));
    try {
      return numbered(wished, first(free));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static boolean isFree(Path file) {
    try {
      Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return false;
    } catch (NoSuchFileException e) {
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns a number that is free, while the one before is not: 1 or more. */
  static int first(IntPredicate free) {
    if (free.test(1)) {
      return 1;
    }
    int taken = 1;
    int high = 2;
    while (high < LAST && !free.test(high)) {
      taken = high;
      high *= 2;
    }
    while (high - taken > 1) {
      int middle = taken + (high - taken) / 2;
      if (free.test(middle)) {
        high = middle;
      } else {
        taken = middle;
      }
    }
    return high;
  }

  static String numbered(String name, int number) {
    String end = number == 1 ? "" : "-" + number;
    int dot = name.lastIndexOf('.');
    boolean suffixed = dot > 0 && name.length() - dot <= LONGEST_SUFFIX;
    String suffix = suffixed ? name.substring(dot) : "";
    String stem = suffixed ? name.substring(0, dot) : name;
    while (FileNames.encode(stem + end + suffix).length > LONGEST) {
      stem = stem.substring(0, stem.offsetByCodePoints(stem.length(), -1));
    }
    return stem + end + suffix;
  }
}
