package dev.glimpse.preprocess;

/**
 * Receives the rows of an image, one at a time, packed as in {@link dev.glimpse.image.Pixels}. Grey
 * pixels have their sample in the place of red.
 */
interface PixelRows {

  /** Position of the lowest bit of the red sample in a pixel. */
  int RED = 0;

  /** Position of the lowest bit of the green sample in a pixel. */
  int GREEN = 8;

  /** Position of the lowest bit of the blue sample in a pixel. */
  int BLUE = 16;

  /**
   * Receives one row.
   *
   * @param y counted from the top
   * @param pixels reused by the caller when this returns
   */
  void take(int y, int[] pixels);
}
