package dev.glimpse.preprocess;

import dev.glimpse.config.PixelCode;

/** Tells which of the codes that scale images can be used here. Any thread may call the methods. */
public final class PixelCodes {

  private PixelCodes() {}

  /** Returns the fastest that can be used here. The first call loads the library. */
  public static PixelCode best() {
    PixelCode best = PixelCode.JAVA;
    for (PixelCode code : PixelCode.values()) {
      best = instructions(code) <= PixelLibrary.instructions() ? code : best;
    }
    return best;
  }

  /** Tells whether one can be used here. */
  public static boolean isAvailable(PixelCode code) {
    return code.compareTo(best()) <= 0;
  }

  /** Names one for operators: {@code C with AVX2}. */
  public static String words(PixelCode code) {
    return switch (code) {
      case JAVA -> "Java";
      case BASELINE -> "C";
      case AVX2 -> "C with AVX2";
    };
  }

  /** Returns the library's number of one; {@link PixelLibrary#MISSING} for Java. */
  static int instructions(PixelCode code) {
    return switch (code) {
      case JAVA -> PixelLibrary.MISSING;
      case BASELINE -> 0;
      case AVX2 -> 1;
    };
  }
}
