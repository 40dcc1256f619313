package dev.glimpse.recipe;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses a dictionary of numbers and strings as Python's {@code str} prints it, which exporters
 * write into ONNX metadata: {@code {0: 'tench', 1: "jack-o'-lantern"}}.
 */
final class PythonDict {

  private static final Pattern ENTRY =
      Pattern.compile(
          "\\s*(\\d{1,9})\\s*:\\s*(?:'((?:[^'\\\\]|\\\\.)*+)'|\"((?:[^\"\\\\]|\\\\.)*+)\")\\s*(,|$)");
  private static final Pattern ESCAPE = Pattern.compile("\\\\(x[0-9a-f]{2}|u[0-9a-f]{4}|.)");

  private PythonDict() {}

  /** Returns the entries; empty if the text is not such a dictionary. */
  static Optional<Map<Integer, String>> read(String text) {
    String stripped = text.strip();
    if (!stripped.startsWith("{") || !stripped.endsWith("}")) {
      return Optional.empty();
    }
    String inside = stripped.substring(1, stripped.length() - 1);
    Map<Integer, String> entries = new TreeMap<>();
    Matcher matcher = ENTRY.matcher(inside);
    for (int at = 0; at < inside.length(); at = matcher.end()) {
      if (!matcher.region(at, inside.length()).lookingAt()) {
        return Optional.empty();
      }
      String value = matcher.group(2) != null ? matcher.group(2) : matcher.group(3);
      entries.put(Integer.valueOf(matcher.group(1)), unescaped(value));
    }
    return Optional.of(entries);
  }

  private static String unescaped(String text) {
    return ESCAPE
        .matcher(text)
        .replaceAll(match -> {
          String escape = match.group(1);
          return Matcher.quoteReplacement(
              escape.length() > 1
                  ? String.valueOf((char) Integer.parseInt(escape.substring(1), 16))
                  : escape.equals("n") ? "\n" : escape.equals("t") ? "\t" : escape);
        });
  }
}
