package dev.glimpse.api.tensorjson;

import dev.glimpse.config.VersionNumber;
import dev.glimpse.failure.ServingException;
import java.util.regex.Pattern;

/** Parses version numbers in request paths. */
public final class VersionParameter {

  private static final Pattern NUMBER = Pattern.compile(VersionNumber.PATTERN);

  private VersionParameter() {}

  /**
   * Parses a number.
   *
   * @throws ServingException INVALID_PARAMETER if it is not one
   */
  public static int number(String version) {
    if (!NUMBER.matcher(version).matches()) {
      throw ServingException.invalid("version", "must be " + VersionNumber.WORDS);
    }
    return Integer.parseInt(version);
  }
}
