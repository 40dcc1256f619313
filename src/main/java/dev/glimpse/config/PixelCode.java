package dev.glimpse.config;

/** What scales images. Each is faster than the one before; all give the same samples. */
public enum PixelCode {
  /** Java alone. */
  JAVA,
  /** The library in C, with what every processor has. */
  BASELINE,
  /** The library in C, with vectors of 256 bits, which x86-64 processors have had since 2013. */
  AVX2
}
