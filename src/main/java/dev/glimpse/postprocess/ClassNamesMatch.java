package dev.glimpse.postprocess;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Finds the class that a text names: its label in any of the model's languages, one of several
 * names in a label, as in {@code tench, Tinca tinca}, or its index. Case, spaces, hyphens and
 * underscores make no difference; a name that two classes share names neither.
 */
final class ClassNamesMatch {

  private static final int SHARED = -1;

  private final Map<String, Integer> whole = new HashMap<>();
  private final Map<String, Integer> parts = new HashMap<>();
  private final Map<String, Integer> numbered = new HashMap<>();
  private final int classes;

  /** Indexes the labels in all languages; takes about a millisecond for a thousand classes. */
  ClassNamesMatch(Labels labels) {
    this.classes = labels.count();
    for (String language : labels.languages()) {
      add(labels, language);
    }
    for (int i = 0; i < classes; i++) {
      put(whole, labels.own().get(i), i);
    }
  }

  private void add(Labels labels, String language) {
    for (int i = 0; i < classes; i++) {
      String label = labels.in(language).get(i);
      put(whole, label, i);
      put(numbered, label + "-" + i, i); // as images are sorted where labels are alike
      for (String part : label.split(",", -1)) {
        put(parts, part, i);
      }
    }
  }

  private static void put(Map<String, Integer> names, String name, int index) {
    if (name.isBlank()) {
      return;
    }
    names.merge(plain(name), index, (a, b) -> a.equals(b) ? a : SHARED);
  }

  private static String plain(String name) {
    return name.strip().toLowerCase(Locale.ROOT).replaceAll("[\\s_/-]+", "-");
  }

  /** Returns the index of the class; empty if no class has the name, or several do. */
  OptionalInt find(String name) {
    String plain = plain(name);
    Integer found = whole.get(plain);
    if (found == null) {
      found = parts.get(plain);
    }
    if (found == null) {
      found = numbered.get(plain);
    }
    if (found == null && plain.matches("[0-9]{1,6}") && Integer.parseInt(plain) < classes) {
      found = Integer.parseInt(plain);
    }
    return found == null || found == SHARED ? OptionalInt.empty() : OptionalInt.of(found);
  }
}
