package dev.glimpse.api.results;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Reads the header {@code Prefer} of <a href="https://www.rfc-editor.org/rfc/rfc7240">RFC 7240</a>.
 */
final class Preference {

  static final String HEADER = "Prefer";
  static final String APPLIED = "Preference-Applied";
  static final String RESPOND_ASYNC = "respond-async";

  private Preference() {}

  /** Returns whether one of the headers asks for a response later; parameters do not count. */
  static boolean isRespondAsync(List<String> headers) {
    return headers.stream()
        .flatMap(header -> Stream.of(header.split(",")))
        .map(preference -> preference.split("[;=]", 2)[0].strip().toLowerCase(Locale.ROOT))
        .anyMatch(RESPOND_ASYNC::equals);
  }
}
