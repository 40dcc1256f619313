package dev.glimpse.preprocess;

/**
 * Takes the rows of a picture, one at a time, packed as in {@link dev.glimpse.image.Pixels}. Grey
 * pixels have their one sample where red is.
 */
interface PixelRows {

  /** How far to the left of a pixel's lowest bit its red sample lies. */
  int RED = 0;

  /** As above, for green. */
  int GREEN = 8;

  /** As above, for blue. */
  int BLUE = 16;

  /**
   * Takes one row.
   *
   * @param y counted from the top
   * @param pixels will be written over when this returns
   */
  void take(int y, int[] pixels);
}
