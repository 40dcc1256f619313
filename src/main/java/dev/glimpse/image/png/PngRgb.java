package dev.glimpse.image.png;

import java.util.Arrays;

/** Reads pixels of red, green and blue, one or two bytes each. */
final class PngRgb extends PngSamples {

  private final int bytes;

  /** The stored colour that means transparent; empty if absent. */
  private final byte[] transparent;

  /**
   * Reads pixels of which one colour may be transparent.
   *
   * @param bytes per sample, 1 or 2
   * @param transparency the transparent colour, always two bytes per sample; empty if absent
   */
  PngRgb(int bytes, byte[] transparency) {
    super(bytes * 24);
    this.bytes = bytes;
    if (transparency.length < 6) {
      transparent = new byte[0];
    } else if (bytes == 2) {
      transparent = Arrays.copyOf(transparency, 6);
    } else {
      transparent = new byte[] {transparency[1], transparency[3], transparency[5]};
    }
  }

  @Override
  void toRgb(byte[] row, byte[] rgb, int at, int width) {
    if (bytes == 1) {
      System.arraycopy(row, 1, rgb, at, width * 3);
    } else {
      for (int i = 0; i < width * 3; i++) {
        rgb[at + i] = row[1 + i * 2];
      }
    }
    if (transparent.length > 0) {
      int step = transparent.length;
      for (int x = 0, from = 1, to = at; x < width; x++, from += step, to += 3) {
        if (Arrays.equals(row, from, from + step, transparent, 0, step)) {
          Arrays.fill(rgb, to, to + 3, (byte) 255);
        }
      }
    }
  }
}
