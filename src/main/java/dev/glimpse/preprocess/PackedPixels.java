package dev.glimpse.preprocess;

import dev.glimpse.image.Pixels;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Reads a picture's pixels as ints, as {@link PixelRows} has them. One read of four bytes and one
 * write a pixel: to take each sample by itself cost half as much again.
 */
final class PackedPixels {

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] rgb;
  private final int width;

  PackedPixels(Pixels source) {
    this.rgb = source.rgb();
    this.width = source.width();
  }

  /** Reads {@code length} pixels along a row. */
  void row(int x, int y, int length, int[] out) {
    read((y * width + x) * 3, 3, length, out);
  }

  /** Reads {@code length} pixels down a column. */
  void column(int x, int y, int length, int[] out) {
    read((y * width + x) * 3, width * 3, length, out);
  }

  /** Reads one pixel. */
  int pixel(int x, int y) {
    return at((y * width + x) * 3);
  }

  private void read(int from, int step, int length, int[] out) {
    int last = length - 1;
    for (int i = 0, at = from; i < last; i++, at += step) {
      out[i] = (int) INT.get(rgb, at) & 0xFFFFFF;
    }
    // No byte follows the very last pixel of the picture.
    out[last] = at(from + last * step);
  }

  private int at(int index) {
    int red = rgb[index] & 0xFF;
    int green = rgb[index + 1] & 0xFF;
    int blue = rgb[index + 2] & 0xFF;
    return red | (green << 8) | (blue << 16);
  }
}
