package dev.glimpse.config;

import java.util.regex.Pattern;

/** Defines valid names of models. */
public final class ModelName {

  /** The names as a regular expression. */
  public static final String PATTERN = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

  /** The names as part of a sentence. */
  public static final String WORDS = "1 to 64 letters, digits, dots, hyphens and underscores";

  private static final Pattern NAME = Pattern.compile(PATTERN);

  private ModelName() {}

  /** Returns whether a model may have this name. */
  public static boolean isValid(String name) {
    return NAME.matcher(name).matches();
  }
}
