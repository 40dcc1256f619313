package dev.glimpse.evaluation;

import dev.glimpse.image.Pixels;
import dev.glimpse.image.PngFile;
import java.util.Base64;
import java.util.zip.Deflater;

/**
 * Makes small images for a page: the mean of the pixels that each of its pixels covers, as PNG in a
 * data URI.
 */
final class PngThumbnail {

  /** The longest side, in pixels. */
  static final int SIDE = 144;

  private PngThumbnail() {}

  /** Returns an image's thumbnail as the address of an {@code img}. */
  static String dataUri(Pixels pixels) {
    double scale = Math.min(1, (double) SIDE / Math.max(pixels.width(), pixels.height()));
    int width = Math.max(1, (int) Math.round(pixels.width() * scale));
    int height = Math.max(1, (int) Math.round(pixels.height() * scale));
    byte[] png =
        PngFile.of(width, height, shrink(pixels, width, height), Deflater.BEST_COMPRESSION);
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(png);
  }

  private static byte[] shrink(Pixels pixels, int width, int height) {
    byte[] rgb = Pixels.allocate(width, height);
    int[] row = new int[pixels.width()];
    for (int y = 0; y < height; y++) {
      int top = (int) ((long) y * pixels.height() / height);
      int bottom = Math.max(top + 1, (int) ((long) (y + 1) * pixels.height() / height));
      long[] sums = new long[width * Pixels.SAMPLES];
      int[] counts = new int[width];
      for (int from = top; from < bottom; from++) {
        pixels.row(0, from, pixels.width(), row);
        add(row, width, sums, counts);
      }
      for (int i = 0; i < sums.length; i++) {
        rgb[y * sums.length + i] = (byte) (sums[i] / Math.max(1, counts[i / Pixels.SAMPLES]));
      }
    }
    return rgb;
  }

  private static void add(int[] row, int width, long[] sums, int[] counts) {
    for (int i = 0; i < row.length; i++) {
      int x = (int) ((long) i * width / row.length);
      counts[x]++;
      for (int sample = 0; sample < Pixels.SAMPLES; sample++) {
        sums[x * Pixels.SAMPLES + sample] += (row[i] >> (8 * sample)) & 0xFF;
      }
    }
  }
}
