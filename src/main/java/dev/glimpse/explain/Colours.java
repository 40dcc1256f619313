package dev.glimpse.explain;

/**
 * Colours numbers from 0 to 1 as matplotlib's viridis does, to within a few shades: it grows evenly
 * brighter to the eye, also to that of people who are colour-blind.
 */
final class Colours {

  /** Viridis at 0, 1/8 … 1; red, green and blue in 8 bits each. */
  private static final int[] VIRIDIS = {
    0x440154, 0x472D7B, 0x3B528B, 0x2C728E, 0x21918C, 0x28AE80, 0x5EC962, 0xADDC30, 0xFDE725
  };

  private Colours() {}

  /** Returns the red (shift 16), green (8) or blue (0) sample, 0 to 255. */
  static double sample(double value, int shift) {
    double place = value * (VIRIDIS.length - 1);
    int below = Math.min((int) place, VIRIDIS.length - 2);
    int from = VIRIDIS[below] >> shift & 0xFF;
    int to = VIRIDIS[below + 1] >> shift & 0xFF;
    return from + (to - from) * (place - below);
  }
}
