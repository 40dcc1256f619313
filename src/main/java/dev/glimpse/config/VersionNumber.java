package dev.glimpse.config;

/**
 * What may be the number of a model's version, wherever it is written: as large as the seconds
 * since 1970 that TensorFlow Serving's exporters number by, and such that it fits an int.
 */
public final class VersionNumber {

  public static final int HIGHEST = 1_999_999_999;

  /** As a regular expression. */
  public static final String PATTERN = "([1-9][0-9]{0,8}|1[0-9]{9})";

  /** As the part of a sentence. */
  public static final String WORDS = "a whole number from 1 to " + HIGHEST;

  private VersionNumber() {}
}
