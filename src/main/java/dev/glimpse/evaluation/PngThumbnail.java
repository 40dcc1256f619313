package dev.glimpse.evaluation;

import dev.glimpse.image.Pixels;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Makes small images for a page: the mean of the pixels that each of its pixels covers, as PNG in a
 * data URI.
 */
final class PngThumbnail {

  /** The longest side, in pixels. */
  static final int SIDE = 144;

  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  private static final int SUB = 1;

  private PngThumbnail() {}

  /** Returns an image's thumbnail as the address of an {@code img}. */
  static String dataUri(Pixels pixels) {
    double scale = Math.min(1, (double) SIDE / Math.max(pixels.width(), pixels.height()));
    int width = Math.max(1, (int) Math.round(pixels.width() * scale));
    int height = Math.max(1, (int) Math.round(pixels.height() * scale));
    return "data:image/png;base64,"
        + Base64.getEncoder().encodeToString(png(width, height, shrink(pixels, width, height)));
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

  static byte[] png(int width, int height, byte[] rgb) {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    png.writeBytes(SIGNATURE);
    byte[] header =
        ByteBuffer.allocate(13)
            .putInt(width)
            .putInt(height)
            .put(new byte[] {8, 2, 0, 0, 0}) // 8 bits, RGB
            .array();
    chunk(png, "IHDR", header);
    chunk(png, "IDAT", deflated(filtered(width, height, rgb)));
    chunk(png, "IEND", new byte[0]);
    return png.toByteArray();
  }

  /** Stores each sample as its distance from the one on the left, which deflates better. */
  private static byte[] filtered(int width, int height, byte[] rgb) {
    int stride = width * Pixels.SAMPLES;
    byte[] rows = new byte[height * (1 + stride)];
    for (int y = 0; y < height; y++) {
      int to = y * (1 + stride);
      rows[to] = SUB;
      for (int i = 0; i < stride; i++) {
        int at = y * stride + i;
        rows[to + 1 + i] = (byte) (rgb[at] - (i < Pixels.SAMPLES ? 0 : rgb[at - Pixels.SAMPLES]));
      }
    }
    return rows;
  }

  private static byte[] deflated(byte[] bytes) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
    try {
      deflater.setInput(bytes);
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] block = new byte[8192];
      while (!deflater.finished()) {
        out.write(block, 0, deflater.deflate(block));
      }
      return out.toByteArray();
    } finally {
      deflater.end();
    }
  }

  private static void chunk(ByteArrayOutputStream png, String type, byte[] data) {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 checksum = new CRC32();
    checksum.update(name);
    checksum.update(data);
    png.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
    png.writeBytes(name);
    png.writeBytes(data);
    png.writeBytes(ByteBuffer.allocate(4).putInt((int) checksum.getValue()).array());
  }
}
