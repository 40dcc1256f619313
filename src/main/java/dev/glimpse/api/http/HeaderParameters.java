package dev.glimpse.api.http;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Parses the parameters of a header, {@code ; name=value; name="quoted \" value"}, in one pass and
 * without regular expressions, which could backtrack on what a client sends.
 */
final class HeaderParameters {

  /** More than any header that is read here has; the rest is ignored. */
  private static final int MAX_PARAMETERS = 16;

  private final String text;
  private int at;

  private HeaderParameters(String text) {
    this.text = text;
  }

  /**
   * Returns the parameters by their names in lower case; of several of one name, the first. What
   * has no {@code =} is ignored.
   *
   * @param text from the first {@code ;} on
   */
  static Map<String, String> parse(String text) {
    HeaderParameters parser = new HeaderParameters(text);
    Map<String, String> parameters = new LinkedHashMap<>();
    while (parser.at < text.length() && parameters.size() < MAX_PARAMETERS) {
      String name = parser.name();
      if (parser.at < text.length() && text.charAt(parser.at) == '=') {
        parser.at++;
        parameters.putIfAbsent(name, parser.value());
      }
      parser.skipPast(';');
    }
    return parameters;
  }

  /** Returns a value as a quoted string. */
  static String quoted(String value) {
    return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private String name() {
    int begin = at;
    while (at < text.length() && text.charAt(at) != '=' && text.charAt(at) != ';') {
      at++;
    }
    return text.substring(begin, at).strip().toLowerCase(Locale.ROOT);
  }

  private String value() {
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
    if (at < text.length() && text.charAt(at) == '"') {
      return quotedValue();
    }
    int begin = at;
    while (at < text.length() && text.charAt(at) != ';') {
      at++;
    }
    return text.substring(begin, at).strip();
  }

  private String quotedValue() {
    StringBuilder value = new StringBuilder();
    for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
      if (text.charAt(at) == '\\' && at + 1 < text.length()) {
        at++;
      }
      value.append(text.charAt(at));
    }
    return value.toString();
  }

  private void skipPast(char end) {
    int found = text.indexOf(end, at);
    at = found < 0 ? text.length() : found + 1;
  }
}
