package dev.glimpse.image.png;

import dev.glimpse.image.OverWhite;

/** Reads pixels of grey and alpha, or of red, green, blue and alpha, one or two bytes each. */
final class PngAlpha extends PngSamples {

  private final int bytes;
  private final int colours;

  /**
   * Reads pixels with alpha.
   *
   * @param bytes per sample, 1 or 2; only the first is used
   * @param colours samples per pixel besides alpha, 1 or 3
   */
  PngAlpha(int bytes, int colours) {
    super(bytes * 8 * (colours + 1));
    this.bytes = bytes;
    this.colours = colours;
  }

  @Override
  void toRgb(byte[] row, byte[] rgb, int at, int width) {
    int green = colours == 1 ? 0 : bytes;
    int alpha = colours * bytes;
    int step = alpha + bytes;
    for (int x = 0, from = 1, to = at; x < width; x++, from += step, to += 3) {
      OverWhite.put(
          rgb,
          to,
          row[from] & 0xFF,
          row[from + green] & 0xFF,
          row[from + green * 2] & 0xFF,
          row[from + alpha] & 0xFF);
    }
  }
}
