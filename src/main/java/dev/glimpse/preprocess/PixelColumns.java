package dev.glimpse.preprocess;

/** Supplies the columns of an image, packed as in {@link PixelRows}. */
interface PixelColumns {

  /** Reads {@code length} pixels down a column. */
  void column(int x, int y, int length, int[] out);

  /** Reads {@code length} pixels down each of four neighbouring columns. */
  void columns(int x, int y, int length, int[] a, int[] b, int[] c, int[] d);
}
