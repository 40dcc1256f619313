package dev.glimpse.api.tensorjson;

import dev.glimpse.config.VersionNumber;
import dev.glimpse.failure.ServingException;
import java.util.regex.Pattern;

/** Parses version numbers in request paths. */
public final class VersionParameter {

  private static final Pattern NUMBER = Pattern.compile(VersionNumber.PATTERN);

  private VersionParameter() {}

  public static int number(String version) {
    if (!NUMBER.matcher(version).matches()) {
      throw ServingException.invalid("version", "must be " + VersionNumber.WORDS);
    }
    return Integer.parseInt(version);
  }
}
