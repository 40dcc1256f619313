package dev.glimpse.image.png;

import dev.glimpse.image.UnreadableImage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Holds what decoding needs of a PNG file's <a
 * href="https://www.w3.org/TR/png-3/#5DataRep">chunks</a>. The frames of an animation are in chunks
 * of their own, which are ignored.
 *
 * @param depth bits per sample
 * @param colourType 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha; not checked
 * @param interlaced whether the pixels are stored in seven passes
 * @param palette red, green and blue of each colour; empty if absent
 * @param transparency content of the tRNS chunk; empty if absent
 * @param data the parts of the compressed pixels, in order; never empty
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

  /** The most bytes that one byte of deflate can become. */
  private static final int LARGEST_RATIO = 1032;

  /** Encoders write chunks of 8 KiB and more; one without content takes twice its 12 bytes. */
  private static final int MAX_PARTS = 1 << 18;

  /** Locates a part of the compressed pixels: an offset in the file and a length in bytes. */
  record Data(int start, int length) {}

  /**
   * Reads all chunks to the end; the file is read from index 0 to its limit. Checks their
   * checksums, since a flipped bit would go unnoticed otherwise; only in chunks that a reader may
   * ignore a wrong checksum is accepted.
   *
   * @throws UnreadableImage if a chunk is missing, corrupt, misplaced or unknown but critical
   */
  static PngChunks read(ByteBuffer file) throws UnreadableImage {
    ByteBuffer in = file.duplicate().position(SIGNATURE);
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
      crc.update(file.slice(in.position(), length + 4));
      int type = in.getInt();
      int start = in.position();
      in.position(start + length);
      boolean intact = in.getInt() == (int) crc.getValue();
      if (isCritical(type) && !intact) {
        throw new UnreadableImage("corrupt, a checksum is wrong");
      }
      if ((last == 0) != (type == IHDR)) {
        throw new UnreadableImage("corrupt, its header is misplaced");
      }
      switch (type) {
        case IHDR -> checkHeader(file, start, length);
        case PLTE -> palette = data.isEmpty() ? content(file, start, length) : palette;
        case TRNS -> {
          if (data.isEmpty() && intact) {
            transparency = content(file, start, length);
          }
        }
        case IDAT -> {
          // Chunks with pixels must follow each other; later ones are ignored.
          if (data.isEmpty() || last == IDAT) {
            addTo(data, new Data(start, length));
          }
        }
        case IEND -> {
          return of(file, palette, transparency, data);
        }
        default -> {
          if (isCritical(type)) {
            throw new UnreadableImage("corrupt, it has an unknown critical chunk");
          }
        }
      }
      last = type;
    }
    throw new UnreadableImage("truncated");
  }

  /** Finds the first complete eXIf chunk, before or after the pixels; ignores its checksum. */
  static Optional<ByteBuffer> exif(ByteBuffer file) {
    ByteBuffer in = file.duplicate().position(SIGNATURE);
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

  private static PngChunks of(ByteBuffer file, byte[] palette, byte[] transparency, List<Data> data)
      throws UnreadableImage {
    if (data.isEmpty()) {
      throw new UnreadableImage("corrupt, it has no pixels");
    }
    int header = SIGNATURE + 8;
    return new PngChunks(
        file.get(header + 8),
        file.get(header + 9),
        file.get(header + 12) == 1,
        palette,
        transparency,
        data);
  }

  /** Tells whether a reader must know the chunk: bit 5 of its first letter is clear. */
  private static boolean isCritical(int type) {
    return (type & 0x20000000) == 0;
  }

  /** Checks the length, and the methods of compression, filtering (0) and interlacing (0, 1). */
  private static void checkHeader(ByteBuffer file, int start, int length) throws UnreadableImage {
    if (length != 13
        || file.get(start + 10) != 0
        || file.get(start + 11) != 0
        || (file.get(start + 12) & 0xFF) > 1) {
      throw new UnreadableImage("corrupt, its header is invalid");
    }
  }

  private static void addTo(List<Data> data, Data part) throws UnreadableImage {
    if (data.size() == MAX_PARTS) {
      throw new UnreadableImage("corrupt, its pixels are in too many chunks");
    }
    data.add(part);
  }

  /** Returns how many bytes of compressed pixels there are. */
  long stored() {
    return data.stream().mapToLong(Data::length).sum();
  }

  /**
   * Refuses a file that cannot hold this much data, before memory is allocated for it.
   *
   * @param length how many bytes of rows will be read
   */
  void require(long length) throws UnreadableImage {
    if (length > stored() * LARGEST_RATIO) {
      throw new UnreadableImage("truncated");
    }
  }

  private static byte[] content(ByteBuffer file, int start, int length) {
    byte[] content = new byte[length];
    file.get(start, content);
    return content;
  }
}
