package dev.glimpse.preprocess;

import java.util.Optional;

/**
 * Lists what scales images: Java, or the library in C with one of its instruction sets. All give
 * the same samples.
 */
public enum PixelCode {
  /** The classes of this package. */
  JAVA(PixelLibrary.MISSING, "Java"),
  /** The library with what every processor has. */
  BASELINE(0, "C"),
  /** The library with vectors of 256 bits, which x86-64 processors have had since 2013. */
  AVX2(1, "C with AVX2");

  private final int instructions;
  private final String words;

  PixelCode(int instructions, String words) {
    this.instructions = instructions;
    this.words = words;
  }

  /** Returns the fastest that can be used here. The first call loads the library. */
  public static PixelCode best() {
    int best = PixelLibrary.instructions();
    PixelCode found = JAVA;
    for (PixelCode code : values()) {
      found = code.instructions <= best ? code : found;
    }
    return found;
  }

  /**
   * Returns what a setting chooses.
   *
   * @param name of one of these; empty: the fastest
   */
  public static PixelCode chosen(Optional<? extends Enum<?>> name) {
    return name.map(set -> valueOf(set.name())).orElseGet(PixelCode::best);
  }

  /** Tells whether it can be used here. */
  public boolean isAvailable() {
    return compareTo(best()) <= 0;
  }

  /** Returns the text for operators: {@code C with AVX2}. */
  public String words() {
    return words;
  }

  /** Returns the library's number of it. */
  int instructions() {
    return instructions;
  }
}
