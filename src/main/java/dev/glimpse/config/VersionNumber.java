package dev.glimpse.config;

/**
 * Defines valid version numbers of models: large enough for the seconds since 1970 that TensorFlow
 * Serving's exporters use, and small enough for an int.
 */
public final class VersionNumber {

  public static final int HIGHEST = 1_999_999_999;

  /** The numbers as a regular expression. */
  public static final String PATTERN = "([1-9][0-9]{0,8}|1[0-9]{9})";

  /** The numbers as part of a sentence. */
  public static final String WORDS = "a whole number from 1 to " + HIGHEST;

  private VersionNumber() {}
}
