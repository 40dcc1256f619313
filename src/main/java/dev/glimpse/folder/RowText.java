package dev.glimpse.folder;

import dev.glimpse.failure.Printable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Makes a file's name fit for a line of text: nothing in it ends the line, or changes what a
 * terminal shows.
 */
public final class RowText {

  private static final Pattern ESCAPE = Pattern.compile("\\\\u([0-9a-f]{4})");

  private RowText() {}

  /**
   * Returns the text with {@code \\u} and the code in hexadecimal in place of each character that
   * is not shown as itself, lone surrogates included; two texts never become the same.
   */
  static String escaped(String text) {
    return surrogates(Printable.of(text.replace("\\u", "\\u005cu")));
  }

  /** Returns the text that {@link #escaped} was given. */
  static String unescaped(String text) {
    return ESCAPE
        .matcher(text)
        .replaceAll(code ->
            Matcher.quoteReplacement(
                Character.toString((char) Integer.parseInt(code.group(1), 16))));
  }

  /** Returns a JSON document with escapes for such characters, which mean the same. */
  static String json(String document) {
    return surrogates(Printable.of(document));
  }

  /** Returns a JSON document of several lines, each with its end, with escapes likewise. */
  public static String jsonLines(String document) {
    return document.lines().map(line -> json(line) + "\n").collect(Collectors.joining());
  }

  private static String surrogates(String text) {
    StringBuilder escaped = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      if (Character.isSurrogate(c) && !pair) {
        escaped = escaped == null ? new StringBuilder(text.substring(0, i)) : escaped;
        escaped.append("\\u%04x".formatted((int) c));
      } else if (escaped != null) {
        escaped.append(c);
      }
      if (pair) {
        i++;
        if (escaped != null) {
          escaped.append(text.charAt(i));
        }
      }
    }
    return escaped == null ? text : escaped.toString();
  }
}
