package dev.glimpse.image;

/**
 * Maps the indices 0 to 255 to colours, laid over white. An index without a colour is black, as in
 * Pillow. Not thread-safe.
 */
public final class Palette {

  private final byte[] rgb = new byte[256 * 3];

  /** Returns a palette in which every index is its own shade of grey. */
  public static Palette grey() {
    Palette palette = new Palette();
    for (int i = 0; i < 256; i++) {
      palette.set(i, i, i, i, 255);
    }
    return palette;
  }

  /** Sets a colour; all values are from 0 to 255, and an alpha of 0 is transparent. */
  public void set(int index, int red, int green, int blue, int alpha) {
    OverWhite.put(rgb, index * 3, red, green, blue, alpha);
  }

  /** Makes an index transparent, which is white here. */
  public void clear(int index) {
    set(index, 0, 0, 0, 0);
  }

  /**
   * Writes the colour of an index.
   *
   * @param index 0 to 255
   * @param at where red goes in {@code to}; green and blue follow
   */
  public void copy(int index, byte[] to, int at) {
    int from = index * 3;
    to[at] = rgb[from];
    to[at + 1] = rgb[from + 1];
    to[at + 2] = rgb[from + 2];
  }
}
