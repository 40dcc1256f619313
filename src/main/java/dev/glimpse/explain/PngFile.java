package dev.glimpse.explain;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Writes images as <a href="https://www.w3.org/TR/png-3/">PNG</a> files: 8 bits a sample, red,
 * green and blue, each row as its difference from the one above.
 */
final class PngFile {

  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  private static final byte[] RGB_8_BITS = {8, 2, 0, 0, 0};
  private static final int SAMPLES = 3;
  private static final byte UP = 2;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private PngFile() {}

  /**
   * Returns an image's file.
   *
   * @param rgb red, green, blue, one byte each, row by row from the top left
   */
  static byte[] of(int width, int height, byte[] rgb) {
    PngFile file = new PngFile();
    file.out.writeBytes(SIGNATURE);
    file.chunk("IHDR", header(width, height));
    file.chunk("IDAT", deflated(filtered(width * SAMPLES, height, rgb)));
    file.chunk("IEND", new byte[0]);
    return file.out.toByteArray();
  }

  private static byte[] header(int width, int height) {
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    header.writeBytes(number(width));
    header.writeBytes(number(height));
    header.writeBytes(RGB_8_BITS);
    return header.toByteArray();
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

  private static byte[] deflated(byte[] bytes) {
    Deflater deflater = new Deflater(Deflater.BEST_SPEED);
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
    return new byte[] {
      (byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value
    };
  }
}
