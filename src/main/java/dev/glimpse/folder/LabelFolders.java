package dev.glimpse.folder;

import dev.glimpse.postprocess.Classification;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Names a folder for each class. A label is any text; a folder's name here is one element of a path
 * on any system, not hidden, and no other class's, also where case makes no difference.
 */
final class LabelFolders {

  /** Of images whose class is uncertain. */
  static final String UNCERTAIN = "_uncertain";

  private static final int LONGEST = 100;
  private static final String FORBIDDEN = "/\\:*?\"<>|";

  /** Names that Windows has given devices. */
  private static final Set<String> DEVICES =
      Set.of(
          "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7",
          "com8", "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9");

  private final List<String> names;

  /** Names the folders of these labels, one for each class. */
  LabelFolders(List<String> labels) {
    List<String> safe = labels.stream().map(LabelFolders::safe).toList();
    Map<String, Integer> uses = new HashMap<>(Map.of(UNCERTAIN, 1));
    safe.forEach(name -> uses.merge(name.toLowerCase(Locale.ROOT), 1, Integer::sum));
    List<String> unique = new ArrayList<>();
    for (int i = 0; i < safe.size(); i++) {
      boolean alone = uses.getOrDefault(safe.get(i).toLowerCase(Locale.ROOT), 0) == 1;
      unique.add(alone ? safe.get(i) : unused(safe.get(i), i, uses));
    }
    this.names = List.copyOf(unique);
  }

  private static String unused(String name, int index, Map<String, Integer> uses) {
    String numbered = name + "-" + index;
    while (uses.putIfAbsent(numbered.toLowerCase(Locale.ROOT), 1) != null) {
      numbered += "_";
    }
    return numbered;
  }

  /** Returns the name of a class's folder. */
  String of(Classification best) {
    return names.get(best.index());
  }

  private static String safe(String label) {
    StringBuilder name = new StringBuilder();
    RowText.escaped(label)
        .codePoints()
        .limit(LONGEST)
        .map(c -> FORBIDDEN.indexOf(c) >= 0 ? '_' : c)
        .forEach(name::appendCodePoint);
    while (name.toString().getBytes(StandardCharsets.UTF_8).length > 2 * LONGEST) {
      name.setLength(name.offsetByCodePoints(name.length(), -1));
    }
    String text = name.toString().strip();
    boolean ends = text.endsWith(".") || text.isEmpty();
    boolean taken = DEVICES.contains(text.split("\\.", 2)[0].toLowerCase(Locale.ROOT));
    return (text.startsWith(".") || text.startsWith("-") ? "_" : "")
        + text
        + (ends || taken ? "_" : "");
  }
}
