package dev.glimpse.config;

import org.jspecify.annotations.Nullable;

/** Defines valid TCP ports; 0 stands for any free one. */
public final class PortNumber {

  /** The numbers as part of a sentence. */
  public static final String WORDS = "a port from 0 to 65535";

  private static final int HIGHEST = 65_535;
  private static final int MOST_DIGITS = 5;

  private PortNumber() {}

  /** Returns the port that a text names in ASCII digits; null if it names none. */
  public static @Nullable Integer parse(String text) {
    if (text.isEmpty()
        || text.length() > MOST_DIGITS
        || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return null;
    }
    int port = Integer.parseInt(text);
    return port <= HIGHEST ? port : null;
  }
}
