package dev.glimpse.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Writes images as <a href="https://www.w3.org/TR/png-3/">PNG</a> files: 8 bits a sample, red,
 * green and blue, each row as its difference from the one above.
 */
public final class PngFile {

  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  private static final byte[] RGB_8_BITS = {8, 2, 0, 0, 0};
  private static final byte UP = 2;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private PngFile() {}

  /**
   * Returns an image's file.
   *
   * @param width in pixels, at least 1
   * @param height in pixels, at least 1
   * @param rgb red, green, blue, one byte each, row by row from the top left
   * @param level as {@link Deflater}'s, from {@link Deflater#BEST_SPEED} to {@link
   *     Deflater#BEST_COMPRESSION}
   */
  public static byte[] of(int width, int height, byte[] rgb, int level) {
    PngFile file = new PngFile();
    file.out.writeBytes(SIGNATURE);
    file.chunk("IHDR", header(width, height));
    file.chunk("IDAT", deflated(filtered(width * Pixels.SAMPLES, height, rgb), level));
    file.chunk("IEND", new byte[0]);
    return file.out.toByteArray();
  }

  private static byte[] header(int width, int height) {
    return ByteBuffer.allocate(2 * Integer.BYTES + RGB_8_BITS.length)
        .putInt(width)
        .putInt(height)
        .put(RGB_8_BITS)
        .array();
  }

  private static byte[] filtered(int row, int height, byte[] rgb) {
    byte[] filtered = new byte[(row + 1) * height];
    for (int y = 0, to = 0; y < height; y++) {
      filtered[to++] = UP;
      for (int x = y * row; x < (y + 1) * row; x++) {
        filtered[to++] = (byte) (rgb[x] - (y == 0 ? 0 : rgb[x - row]));
      }
    }
    return filtered;
  }

  private static byte[] deflated(byte[] bytes, int level) {
    Deflater deflater = new Deflater(level);
    try {
      deflater.setInput(bytes);
      deflater.finish();
      ByteArrayOutputStream deflated = new ByteArrayOutputStream(bytes.length / 2);
      byte[] part = new byte[1 << 13];
      while (!deflater.finished()) {
        deflated.write(part, 0, deflater.deflate(part));
      }
      return deflated.toByteArray();
    } finally {
      deflater.end();
    }
  }

  private void chunk(String type, byte[] data) {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(data);
    out.writeBytes(number(data.length));
    out.writeBytes(name);
    out.writeBytes(data);
    out.writeBytes(number((int) crc.getValue()));
  }

  private static byte[] number(int value) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
  }
}
