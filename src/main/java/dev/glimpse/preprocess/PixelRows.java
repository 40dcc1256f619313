package dev.glimpse.preprocess;

/**
 * Takes the rows of a picture, one at a time. A pixel is one int: red in the lowest 8 bits, green
 * above it, then blue; the rest is 0.
 */
interface PixelRows {

  /**
   * Takes one row.
   *
   * @param y counted from the top
   * @param pixels will be written over when this returns
   */
  void take(int y, int[] pixels);
}
