package dev.glimpse.image;

import java.util.Arrays;

/** PNG pixels of red, green and blue, one byte or two each. */
final class PngRgb extends PngSamples {

  private final int bytes;

  /** A pixel as it is stored that stands for a clear one; empty if none does. */
  private final byte[] clear;

  /**
   * One colour is clear if there are bytes that name it.
   *
   * @param bytes a sample
   * @param transparency always two bytes a sample, or empty
   */
  PngRgb(int bytes, byte[] transparency) {
    super(bytes * 24);
    this.bytes = bytes;
    if (transparency.length < 6) {
      clear = new byte[0];
    } else if (bytes == 2) {
      clear = Arrays.copyOf(transparency, 6);
    } else {
      clear = new byte[] {transparency[1], transparency[3], transparency[5]};
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
    if (clear.length > 0) {
      int step = clear.length;
      for (int x = 0, from = 1, to = at; x < width; x++, from += step, to += 3) {
        if (Arrays.equals(row, from, from + step, clear, 0, step)) {
          Arrays.fill(rgb, to, to + 3, (byte) 255);
        }
      }
    }
  }
}
