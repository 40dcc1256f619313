package dev.glimpse.api.http;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Parses a {@code Content-Type} header of <a
 * href="https://www.rfc-editor.org/rfc/rfc9110.html#name-content-type">RFC 9110</a> in one pass:
 * type, subtype and the names of parameters in any case, with or without blanks around {@code ;}.
 *
 * @param type type and subtype in lower case, such as {@code image/png}
 * @param parameters by their names in lower case; of several of one name, the first
 */
public record ContentType(String type, Map<String, String> parameters) {

  private static final String TOKEN = "!#$%&'*+-.^_`|~";

  /** Returns the media type of a header; empty if there is no header, or if it is malformed. */
  public static Optional<ContentType> parse(@Nullable String header) {
    if (header == null) {
      return Optional.empty();
    }
    int semicolon = header.indexOf(';');
    String type = (semicolon < 0 ? header : header.substring(0, semicolon)).strip();
    int slash = type.indexOf('/');
    if (slash < 0 || !isToken(type.substring(0, slash)) || !isToken(type.substring(slash + 1))) {
      return Optional.empty();
    }
    return Optional.of(
        new ContentType(
            type.toLowerCase(Locale.ROOT),
            semicolon < 0 ? Map.of() : HeaderParameters.parse(header.substring(semicolon))));
  }

  /** Tells whether a header names a media type; parameters do not count. */
  public static boolean is(@Nullable String header, String type) {
    return parse(header).filter(found -> found.type.equals(type)).isPresent();
  }

  /** Returns the header in its canonical spelling. */
  @Override
  public String toString() {
    StringBuilder header = new StringBuilder(type);
    parameters.forEach((name, value) ->
        header
            .append("; ")
            .append(name)
            .append('=')
            .append(isToken(value) ? value : HeaderParameters.quoted(value)));
    return header.toString();
  }

  private static boolean isToken(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean alphanumeric =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!alphanumeric && TOKEN.indexOf(c) < 0) {
        return false;
      }
    }
    return !text.isEmpty();
  }
}
