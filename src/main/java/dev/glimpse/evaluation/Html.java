package dev.glimpse.evaluation;

import dev.glimpse.failure.Printable;
import java.util.Formatter;
import java.util.Locale;

/** Builds HTML in which text from outside cannot be markup. */
final class Html {

  private final StringBuilder html = new StringBuilder();

  /**
   * Adds markup.
   *
   * @param markup in the form of {@link String#format}, by English rules
   * @param values what is not a number must be {@link #escape}d
   */
  @SuppressWarnings("AnnotateFormatMethod") // its annotation would be one more library
  Html add(String markup, Object... values) {
    if (values.length == 0) {
      html.append(markup);
    } else {
      new Formatter(html, Locale.ROOT).format(markup, values);
    }
    html.append('\n');
    return this;
  }

  /** Returns text for content or for a quoted attribute. */
  static String escape(String text) {
    StringBuilder escaped = new StringBuilder();
    Printable.of(text)
        .codePoints()
        .forEach(c -> {
          switch (c) {
            case '&' -> escaped.append("&amp;");
            case '<' -> escaped.append("&lt;");
            case '>' -> escaped.append("&gt;");
            case '"' -> escaped.append("&quot;");
            case '\'' -> escaped.append("&#39;");
            default -> escaped.appendCodePoint(isLoneSurrogate(c) ? '?' : c);
          }
        });
    return escaped.toString();
  }

  private static boolean isLoneSurrogate(int codePoint) {
    return Character.getType(codePoint) == Character.SURROGATE;
  }

  @Override
  public String toString() {
    return html.toString();
  }
}
