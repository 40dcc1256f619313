package dev.glimpse.openinference;

import dev.glimpse.failure.ServingException;
import java.util.regex.Pattern;

/** The numbers of versions, as addresses hold them. */
final class Versions {

  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,8}");

  private Versions() {}

  static int number(String version) {
    if (!NUMBER.matcher(version).matches()) {
      throw ServingException.invalid("version", "must be a whole number from 1 up");
    }
    return Integer.parseInt(version);
  }
}
