package dev.glimpse.image;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * What the pixels of a PNG file need of its <a
 * href="https://www.w3.org/TR/png-3/#5DataRep">chunks</a>. The frames of an animation are in chunks
 * of their own, and are not looked at.
 *
 * @param depth bits a sample
 * @param colourType 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha; not checked
 * @param interlaced whether the pixels come in seven passes
 * @param palette red, green and blue of each colour; empty if there is none
 * @param transparency what tRNS says; empty if there is none
 * @param data where the compressed pixels lie, in their order; never empty
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record PngChunks(
    int depth,
    int colourType,
    boolean interlaced,
    byte[] palette,
    byte[] transparency,
    List<Data> data) {

  private static final int SIGNATURE = 8;
  private static final int IHDR = 0x49484452;
  private static final int PLTE = 0x504C5445;
  private static final int IDAT = 0x49444154;
  private static final int IEND = 0x49454E44;
  private static final int EXIF = 0x65584966;
  private static final int TRNS = 0x74524E53;

  /** A part of the compressed pixels. */
  record Data(int start, int length) {}

  /**
   * Walks over the chunks to the end. Checksums are checked, or else a flipped bit would go unseen;
   * only a chunk that a reader may ignore may be wrong.
   */
  static PngChunks read(byte[] bytes) throws UnreadableImage {
    ByteBuffer in = ByteBuffer.wrap(bytes).position(SIGNATURE);
    CRC32 crc = new CRC32();
    byte[] palette = new byte[0];
    byte[] transparency = new byte[0];
    List<Data> data = new ArrayList<>();
    int last = 0;
    while (in.remaining() >= 12) {
      int length = in.getInt();
      if (length < 0 || length > in.remaining() - 8) {
        throw new UnreadableImage("truncated");
      }
      crc.reset();
      crc.update(bytes, in.position(), length + 4);
      int type = in.getInt();
      int start = in.position();
      in.position(start + length);
      boolean intact = in.getInt() == (int) crc.getValue();
      if (isCritical(type) && !intact) {
        throw new UnreadableImage("corrupt, a checksum is wrong");
      }
      if ((last == 0) != (type == IHDR)) {
        throw new UnreadableImage("corrupt, its header is not where it belongs");
      }
      switch (type) {
        case IHDR -> checkHeader(bytes, start, length);
        case PLTE -> palette = data.isEmpty() ? content(bytes, start, length) : palette;
        case TRNS -> {
          if (data.isEmpty() && intact) {
            transparency = content(bytes, start, length);
          }
        }
        case IDAT -> {
          // Chunks with pixels that do not follow each other are not allowed.
          if (data.isEmpty() || last == IDAT) {
            data.add(new Data(start, length));
          }
        }
        case IEND -> {
          return of(bytes, palette, transparency, data);
        }
        default -> {
          if (isCritical(type)) {
            throw new UnreadableImage("corrupt, it has a part of a kind that is not known");
          }
        }
      }
      last = type;
    }
    throw new UnreadableImage("truncated");
  }

  /** The first whole eXIf chunk, before or after the pixels; its checksum is not looked at. */
  static Optional<ByteBuffer> exif(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes).position(SIGNATURE);
    while (in.remaining() >= 12) {
      int length = in.getInt();
      int type = in.getInt();
      if (length < 0 || length > in.remaining() - 4) {
        return Optional.empty();
      }
      if (type == EXIF) {
        return Optional.of(in.slice(in.position(), length));
      }
      in.position(in.position() + length + 4);
    }
    return Optional.empty();
  }

  private static PngChunks of(byte[] bytes, byte[] palette, byte[] transparency, List<Data> data)
      throws UnreadableImage {
    if (data.isEmpty()) {
      throw new UnreadableImage("corrupt, it has no pixels");
    }
    int header = SIGNATURE + 8;
    return new PngChunks(
        bytes[header + 8], bytes[header + 9], bytes[header + 12] == 1, palette, transparency, data);
  }

  /** Bit 5 of the first letter marks a chunk that a reader may ignore, right or wrong. */
  private static boolean isCritical(int type) {
    return (type & 0x20000000) == 0;
  }

  /** Compression and filters are of the only kinds there are; interlaced or not. */
  private static void checkHeader(byte[] bytes, int start, int length) throws UnreadableImage {
    if (length != 13
        || bytes[start + 10] != 0
        || bytes[start + 11] != 0
        || (bytes[start + 12] & 0xFF) > 1) {
      throw new UnreadableImage("corrupt, its header is not as it should be");
    }
  }

  private static byte[] content(byte[] bytes, int start, int length) {
    return Arrays.copyOfRange(bytes, start, start + length);
  }
}
