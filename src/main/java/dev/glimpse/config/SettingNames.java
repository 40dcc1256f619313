package dev.glimpse.config;

import io.quarkus.runtime.configuration.NameIterator;
import io.smallrye.config.PropertyName;

/**
 * Compares the names of settings with those that mappings have, in which an asterisk stands for any
 * part, as {@link PropertyName} does. A start compares each name with many, and {@code
 * PropertyName} reads them from their ends, in both directions, although most differ in their first
 * words.
 */
final class SettingNames {

  private SettingNames() {}

  /** Returns whether two names may be equal: false only if they differ before what is special. */
  static boolean mayEqual(String one, String other) {
    int common = Math.min(one.length(), other.length());
    for (int i = 0; i < common; i++) {
      char here = one.charAt(i);
      char there = other.charAt(i);
      if (isSpecial(here) || isSpecial(there)) {
        return true;
      }
      if (here != there) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns whether the next part of a name, up to a dot or its end, equals a part of a mapping's.
   */
  static boolean isNext(NameIterator name, String part) {
    String text = name.getName();
    int start = name.getPosition() + 1;
    if (hasSpecial(part) || text.startsWith("*", start)) {
      int length = name.getNextEnd() - start;
      return PropertyName.equals(text, start, length, part, 0, part.length());
    }
    int end = start + part.length();
    return text.startsWith(part, start) && (end == text.length() || text.charAt(end) == '.');
  }

  private static boolean hasSpecial(String part) {
    for (int i = 0; i < part.length(); i++) {
      if (isSpecial(part.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  static boolean isSpecial(char c) {
    return c == '*' || c == '[' || c == ']' || c == '"' || c == '\\';
  }
}
