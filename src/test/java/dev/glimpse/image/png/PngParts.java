package dev.glimpse.image.png;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.zip.CRC32;

/**
 * Takes a PNG's <a href="https://www.w3.org/TR/png-3/#5DataRep">chunks</a> apart and builds files.
 */
public final class PngParts {

  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

  private PngParts() {}

  public static boolean isPng(byte[] file) {
    return file.length > 8 && Arrays.equals(file, 0, 8, SIGNATURE, 0, 8);
  }

  /** Returns the file with correct checksums, so that its other errors get past them. */
  public static byte[] withRightChecksums(byte[] file) {
    byte[] repaired = file.clone();
    ByteBuffer in = ByteBuffer.wrap(repaired);
    for (int at = 8; at + 12 <= repaired.length; ) {
      int length = in.getInt(at);
      if (length < 0 || length > repaired.length - at - 12) {
        return repaired;
      }
      in.putInt(at + 8 + length, checksum(repaired, at + 4, length + 4));
      at += length + 12;
    }
    return repaired;
  }

  /** Returns the file with two of its chunks exchanged. */
  public static byte[] withChunksSwapped(byte[] file, int first, int second) {
    List<byte[]> chunks = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(file);
    int at = 8;
    while (at + 12 <= file.length) {
      int length = in.getInt(at);
      if (length < 0 || length > file.length - at - 12) {
        break;
      }
      chunks.add(Arrays.copyOfRange(file, at, at + length + 12));
      at += length + 12;
    }
    if (chunks.isEmpty()) {
      return file;
    }
    Collections.swap(chunks, first % chunks.size(), second % chunks.size());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(SIGNATURE);
    chunks.forEach(out::writeBytes);
    out.write(file, at, file.length - at);
    return out.toByteArray();
  }

  /**
   * Builds a file of these chunks: {@code IHDR} for 8-bit RGB of this size, then these data, then
   * the end.
   */
  public static byte[] file(int width, int height, byte[] deflated) {
    return file(width, height, 2, new byte[0], List.of(deflated));
  }

  /**
   * Builds a file of 8 bits per sample.
   *
   * @param colourType of the header
   * @param transparency content of a tRNS chunk; without content there is none
   * @param deflated content of each IDAT chunk
   */
  static byte[] file(
      int width, int height, int colourType, byte[] transparency, List<byte[]> deflated) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(SIGNATURE);
    byte[] header = {0, 0, 0, 0, 0, 0, 0, 0, 8, (byte) colourType, 0, 0, 0};
    ByteBuffer.wrap(header).putInt(width).putInt(height);
    out.writeBytes(chunk("IHDR", header));
    if (transparency.length > 0) {
      out.writeBytes(chunk("tRNS", transparency));
    }
    deflated.forEach(part -> out.writeBytes(chunk("IDAT", part)));
    out.writeBytes(chunk("IEND", new byte[0]));
    return out.toByteArray();
  }

  private static byte[] chunk(String type, byte[] data) {
    ByteBuffer out = ByteBuffer.allocate(data.length + 12);
    out.putInt(data.length).put(type.getBytes(StandardCharsets.US_ASCII)).put(data);
    return out.putInt(checksum(out.array(), 4, data.length + 4)).array();
  }

  private static int checksum(byte[] bytes, int at, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, at, length);
    return (int) crc.getValue();
  }
}
