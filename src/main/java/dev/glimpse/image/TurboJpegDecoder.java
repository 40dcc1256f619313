package dev.glimpse.image;

import com.sun.jna.Pointer;
import dev.glimpse.image.PixelMemory.Block;
import java.util.Optional;

/**
 * JPEGs by libjpeg-turbo, which is about twice as fast as ImageIO and gives out what Pillow does.
 *
 * <p>A decompressor is made for each picture: that takes less than a microsecond, and so no thread
 * holds memory while it has nothing to do.
 */
final class TurboJpegDecoder implements Decoder {

  /**
   * Eighths of the size that are cheaper to decode than the whole. A 12-megapixel photo takes 9, 11
   * and 14 ms, whole it takes 35. Of the library's other shares, 3/8 takes longer than 1/2, and
   * those above 1/2 as long as the whole or longer.
   */
  private static final int[] CHEAPER = {1, 2, 4};

  private static final String NO_WARNING = "";

  private final String library;
  private final PixelMemory memory;

  private TurboJpegDecoder(String library, PixelMemory memory) {
    this.library = library;
    this.memory = memory;
  }

  /**
   * This decoder; empty if the machine has no libjpeg-turbo.
   *
   * @param memory where files and pictures lie
   */
  static Optional<TurboJpegDecoder> find(PixelMemory memory) {
    return TurboJpeg.load().map(library -> new TurboJpegDecoder(library, memory));
  }

  /** Which library decodes, for people. */
  @Override
  public String toString() {
    return library;
  }

  @Override
  public long memory(byte[] bytes, ImageHeader header, double scale) {
    JpegSegments segments = new JpegSegments(bytes);
    int eighths = eighths(scale);
    long pixels = (long) share(header.width(), eighths) * share(header.height(), eighths);
    int channels = segments.components() == 4 ? 4 : 3;
    return pixels * channels + segments.coefficients(header.pixels());
  }

  @Override
  public Pixels decode(byte[] bytes, ImageHeader header, double scale) throws UnreadableImage {
    JpegSegments segments = new JpegSegments(bytes);
    segments.requireFewScans(header.pixels());
    int eighths = eighths(scale);
    int width = share(header.width(), eighths);
    int height = share(header.height(), eighths);
    int channels = segments.components() == 4 ? 4 : 3;
    int length = Math.multiplyExact(Math.multiplyExact(width, height), channels);
    Block samples = memory.take(length);
    boolean given = false;
    try {
      decode(bytes, header, segments, new Room(samples.pointer(), width, height, channels));
      if (channels == 3) {
        given = true;
        return new Pixels(width, height, samples.bytes(length), () -> memory.giveBack(samples));
      }
      // The library has turned YCCK into inks already.
      boolean plain = Cmyk.Encoding.of(segments) == Cmyk.Encoding.PLAIN;
      Cmyk.Encoding encoding = plain ? Cmyk.Encoding.PLAIN : Cmyk.Encoding.INVERTED;
      Cmyk.toRgb(samples.bytes(length), encoding);
      given = true;
      return new Pixels(
          width, height, samples.bytes(length / 4 * 3), () -> memory.giveBack(samples));
    } finally {
      if (!given) {
        memory.giveBack(samples);
      }
    }
  }

  /** Where the samples go: RGB, or CMYK. */
  private record Room(Pointer samples, int width, int height, int channels) {}

  private void decode(byte[] bytes, ImageHeader header, JpegSegments segments, Room room)
      throws UnreadableImage {
    // Two bytes of room for the end marker that some programs leave out.
    Block file = memory.take(bytes.length + 2L);
    try {
      Pointer jpeg = file.filled(bytes);
      String warning = decompress(jpeg, bytes.length, header, segments, room);
      if (warning.startsWith("Premature end of JPEG file") && segments.hasOneScan()) {
        // With an end marker, libjpeg says whether more than that is missing.
        jpeg.write(bytes.length, JpegSegments.END, 0, JpegSegments.END.length);
        requireHarmless(
            decompress(
                jpeg, (long) bytes.length + JpegSegments.END.length, header, segments, room));
      } else if (!warning.equals(NO_WARNING)) {
        requireHarmless(warning);
        // It was the first warning, and may have hidden the one that matters.
        if (!segments.hasEnd()) {
          throw new UnreadableImage("truncated");
        }
      }
    } finally {
      memory.giveBack(file);
    }
  }

  private static int eighths(double scale) {
    for (int eighths : CHEAPER) {
      if (eighths >= scale * 8) {
        return eighths;
      }
    }
    return 8;
  }

  /** Rounded up, as the library does it. */
  private static int share(int length, int eighths) {
    return (int) (((long) length * eighths + 7) / 8);
  }

  /** Decodes, and gives the library's first warning. */
  private static String decompress(
      Pointer jpeg, long length, ImageHeader header, JpegSegments segments, Room room)
      throws UnreadableImage {
    Pointer decompressor = TurboJpeg.tjInitDecompress();
    if (decompressor == null) {
      throw new OutOfMemoryError("libjpeg-turbo has no memory for a decompressor");
    }
    try {
      // The room was made for what we read in the header; the library has to read the same.
      int[] width = new int[1];
      int[] height = new int[1];
      TurboJpeg.tjDecompressHeader3(
          decompressor, jpeg, length, width, height, new int[1], new int[1]);
      if (width[0] != header.width() || height[0] != header.height()) {
        throw refusal(segments);
      }
      int result =
          TurboJpeg.tjDecompress2(
              decompressor,
              jpeg,
              length,
              room.samples(),
              room.width(),
              room.width() * room.channels(),
              room.height(),
              room.channels() == 4 ? TurboJpeg.PIXELS_CMYK : TurboJpeg.PIXELS_RGB,
              TurboJpeg.LIMIT_SCANS);
      if (result == 0) {
        return NO_WARNING;
      }
      if (TurboJpeg.tjGetErrorCode(decompressor) != TurboJpeg.WARNING) {
        throw refusal(segments);
      }
      return TurboJpeg.tjGetErrorStr2(decompressor);
    } finally {
      TurboJpeg.tjDestroy(decompressor);
    }
  }

  private static UnreadableImage refusal(JpegSegments segments) {
    int precision = segments.precision();
    if (precision > 8 && precision <= 16) {
      return new UnreadableImage("it has %d bits a sample, and 8 are read".formatted(precision));
    }
    return new UnreadableImage(
        segments.isLossless() ? "it is a lossless JPEG, and those are not read" : "corrupt");
  }

  /**
   * Refuses what the library has filled with grey. Its other warnings, such as of bytes between
   * segments, are of no harm; Pillow does not even see them.
   */
  private static void requireHarmless(String warning) throws UnreadableImage {
    if (warning.startsWith("Premature end") || warning.endsWith("premature end of data segment")) {
      throw new UnreadableImage("truncated");
    }
    if (warning.startsWith("Corrupt JPEG data") && !warning.contains("extraneous bytes")) {
      throw new UnreadableImage("corrupt");
    }
  }
}
