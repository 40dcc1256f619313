package dev.glimpse.image.png;

import dev.glimpse.image.Palette;
import dev.glimpse.image.UnreadableImage;

/** Reads pixels of up to 8 bits that are indices of a palette, or shades of grey. */
final class PngIndexed extends PngSamples {

  private final int depth;
  private final Palette palette;

  private PngIndexed(int depth, Palette palette) {
    super(depth);
    this.depth = depth;
    this.palette = palette;
  }

  /**
   * Reads shades of grey from black to white.
   *
   * @param depth bits per pixel: 1, 2, 4 or 8
   * @param transparency the transparent shade, two bytes; empty if absent
   */
  static PngIndexed grey(int depth, byte[] transparency) {
    Palette palette = new Palette();
    int white = (1 << depth) - 1;
    for (int i = 0; i <= white; i++) {
      int shade = i * 255 / white;
      palette.set(i, shade, shade, shade, 255);
    }
    if (transparency.length >= 2) {
      palette.clear(transparency[1] & white);
    }
    return new PngIndexed(depth, palette);
  }

  /**
   * Reads indices of a palette.
   *
   * @param depth bits per pixel: 1, 2, 4 or 8
   * @param colours red, green and blue of each colour
   * @param alphas alpha of each colour; may be shorter than the palette, the rest is opaque
   */
  static PngIndexed palette(int depth, byte[] colours, byte[] alphas) throws UnreadableImage {
    if (colours.length == 0 || colours.length > 768 || colours.length % 3 != 0) {
      throw new UnreadableImage("corrupt, its palette is invalid");
    }
    Palette palette = new Palette();
    for (int i = 0, from = 0; from < colours.length; i++, from += 3) {
      int alpha = i < alphas.length ? alphas[i] & 0xFF : 255;
      palette.set(
          i, colours[from] & 0xFF, colours[from + 1] & 0xFF, colours[from + 2] & 0xFF, alpha);
    }
    return new PngIndexed(depth, palette);
  }

  @Override
  void toRgb(byte[] row, byte[] rgb, int at, int width) {
    int mask = (1 << depth) - 1;
    for (int x = 0, to = at; x < width; x++, to += 3) {
      int bit = x * depth;
      int index = (row[1 + (bit >> 3)] >> (8 - depth - (bit & 7))) & mask;
      palette.copy(index, rgb, to);
    }
  }
}
