package dev.glimpse.image;

import dev.glimpse.image.png.PngParts;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.Deflater;

/** Makes small images that demand much memory or time. */
public final class HostileImages {

  private HostileImages() {}

  /** Makes a PNG of 10 × 10 pixels whose data inflate to 2 GB. */
  public static byte[] pngOfGigabytes() {
    return PngParts.file(10, 10, twoGigabytes());
  }

  /** Makes a PNG of one colour, 3 bytes a pixel, which compress to a thousandth. */
  public static byte[] blackPng(int side) {
    Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    byte[] row = new byte[1 + 3 * side];
    byte[] buffer = new byte[1 << 16];
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int y = 0; y < side; y++) {
      deflater.setInput(row);
      while (!deflater.needsInput()) {
        out.write(buffer, 0, deflater.deflate(buffer));
      }
    }
    deflater.finish();
    while (!deflater.finished()) {
      out.write(buffer, 0, deflater.deflate(buffer));
    }
    deflater.end();
    return PngParts.file(side, side, out.toByteArray());
  }

  /** Makes a TIFF of 10 MB, each of whose tags has 9 million values. */
  public static byte[] tiffOfLongTags() {
    byte[] header = tiff();
    byte[] file = Arrays.copyOf(header, 10_000_000);
    ByteBuffer tags = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    for (int entry = 10; entry < header.length - 4; entry += 12) {
      int value = Math.min(tags.getInt(entry + 8), 255);
      tags.putShort(entry + 2, (short) 1)
          .putInt(entry + 4, 9_000_000)
          .putInt(entry + 8, 500_000 + value);
    }
    for (int i = 0; i < 256; i++) {
      file[500_000 + i] = (byte) i; // the first value of the tag that points here
    }
    return file;
  }

  /** Makes a grey image as phones of many megapixels write them: in one scan. */
  public static byte[] photo(int width, int height) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(jpegHead(0xFFC0, width, height, 0)); // the AC code ends a block
    out.writeBytes(new byte[] {-1, (byte) 0xDA, 0, 8, 1, 1, 0, 0, 63, 0});
    out.writeBytes(new byte[width / 8 * (height / 8) / 4]); // two bits a block
    out.writeBytes(new byte[] {-1, (byte) 0xD9});
    return out.toByteArray();
  }

  private static byte[] jpegHead(int frame, int width, int height, int acValue) {
    ByteBuffer head = ByteBuffer.allocate(200);
    head.putShort((short) 0xFFD8);
    head.putShort((short) 0xFFDB).putShort((short) 67).put((byte) 0);
    head.put(filled(64, 1));
    head.putShort((short) frame).putShort((short) 11).put((byte) 8);
    head.putShort((short) height).putShort((short) width).put(new byte[] {1, 1, 0x11, 0});
    for (int table : new int[] {0x00, 0x10}) {
      // One code of one bit, 0; for DC it is the difference 0.
      head.putShort((short) 0xFFC4).putShort((short) 20).put((byte) table).put((byte) 1);
      head.put(new byte[15]).put((byte) (table == 0 ? 0 : acValue));
    }
    return Arrays.copyOf(head.array(), head.position());
  }

  /** Makes a grey progressive image of many scans without content. */
  public static byte[] scans(int side, int count) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(jpegHead(0xFFC2, side, side, 0xE0)); // ends 16,384 blocks or more
    byte[] scan = {-1, (byte) 0xDA, 0, 8, 1, 1, 0, 1, 63, 0, 0};
    for (int i = 0; i < count; i++) {
      out.writeBytes(scan);
    }
    out.writeBytes(new byte[] {-1, (byte) 0xD9});
    return out.toByteArray();
  }

  static byte[] tiff() {
    // Width, height, bits, compression, photometric, strip offset, samples, rows, strip length.
    int[][] tags = {
      {256, 30_000},
      {257, 30_000},
      {258, 8},
      {259, 1},
      {262, 1},
      {273, 8},
      {277, 1},
      {278, 30_000},
      {279, 900_000_000}
    };
    ByteBuffer out = little(14 + 12 * tags.length);
    out.putShort((short) 0x4949).putShort((short) 42).putInt(8).putShort((short) tags.length);
    for (int[] tag : tags) {
      out.putShort((short) tag[0]).putShort((short) 4).putInt(1).putInt(tag[1]);
    }
    return out.array();
  }

  /** Makes zeros: a block that stands for 16 MB, 128 times, as it refers to nothing before it. */
  static byte[] twoGigabytes() {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
    deflater.setInput(new byte[16 << 20]);
    byte[] buffer = new byte[1 << 16];
    int length = deflater.deflate(buffer, 0, buffer.length, Deflater.FULL_FLUSH);
    deflater.end();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(buffer, 0, length);
    for (int i = 1; i < 128; i++) {
      out.write(buffer, 2, length - 2); // without zlib's header
    }
    return out.toByteArray();
  }

  static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
