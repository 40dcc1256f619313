package dev.glimpse.support;

import dev.glimpse.image.Pixels;

/**
 * Draws the images of which {@code src/test/golden/pattern.py} says what other programs make of
 * them: noise on the left, black and white blocks on the right.
 */
public final class PatternImage {

  private PatternImage() {}

  /** Draws an image of this size. */
  public static Pixels of(int width, int height) {
    byte[] samples = new byte[width * height * 3];
    for (int y = 0, i = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < 3; c++, i++) {
          samples[i] =
              (byte) (x * 2 < width ? mixed(x, y, c) >>> 24 : -(mixed(x / 5, y / 5, c) >>> 31));
        }
      }
    }
    return new Pixels(width, height, samples);
  }

  private static int mixed(int x, int y, int c) {
    int h = x * 374761393 + y * 668265263 + c * 2147483647;
    h = (h ^ (h >>> 13)) * 1274126177;
    return h ^ (h >>> 16);
  }
}
