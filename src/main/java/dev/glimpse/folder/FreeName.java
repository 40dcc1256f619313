package dev.glimpse.folder;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.function.IntPredicate;

/**
 * Finds a name that is free in a folder: the wished one, or with a number, as {@code photo-2.jpg}.
 * As numbers are given in order, a bisection finds the next in a time that hardly grows with them.
 */
final class FreeName {

  private static final int LAST = 1 << 30;

  private FreeName() {}

  static String in(Path folder, String wished) {
    IntPredicate free =
        number ->
            !Files.exists(
                FileNames.resolve(folder, numbered(wished, number)), LinkOption.NOFOLLOW_LINKS);
    return numbered(wished, first(free));
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

  private static String numbered(String name, int number) {
    if (number == 1) {
      return name;
    }
    int dot = name.lastIndexOf('.');
    return dot <= 0
        ? name + "-" + number
        : name.substring(0, dot) + "-" + number + name.substring(dot);
  }
}
