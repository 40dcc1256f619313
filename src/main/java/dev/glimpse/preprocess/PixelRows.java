package dev.glimpse.preprocess;

/** Takes the rows of a picture, one at a time, packed as in {@link dev.glimpse.image.Pixels}. */
interface PixelRows {

  /**
   * Takes one row.
   *
   * @param y counted from the top
   * @param pixels will be written over when this returns
   */
  void take(int y, int[] pixels);
}
