package dev.glimpse.image.jpeg;

import com.sun.jna.Pointer;
import dev.glimpse.image.ImageHeader;
import dev.glimpse.image.PixelMemory;
import dev.glimpse.image.PixelMemory.Block;
import dev.glimpse.image.Pixels;
import dev.glimpse.image.UnreadableImage;
import java.util.Optional;

/**
 * Decodes JPEGs with libjpeg-turbo, which is about twice as fast as ImageIO and gives the same
 * pixels as Pillow.
 *
 * <p>Creates a decompressor for each image: that takes less than a microsecond, and idle threads
 * hold no memory.
 */
final class TurboJpegDecoder implements JpegDecoder {

  /**
   * Eighths of the size that are cheaper to decode than full size. A 12-megapixel photo takes 9, 11
   * and 14 ms, at full size 35. Of the library's other scales, 3/8 takes longer than 1/2, and those
   * above 1/2 take as long as full size or longer.
   */
  private static final int[] CHEAPER = {1, 2, 4};

  private static final String NO_WARNING = "";

  private final String library;

  private TurboJpegDecoder(String library) {
    this.library = library;
  }

  /** Loads libjpeg-turbo; returns empty if it is not installed. */
  static Optional<TurboJpegDecoder> find() {
    return TurboJpeg.load().map(TurboJpegDecoder::new);
  }

  @Override
  public String name() {
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
  public Pixels decode(byte[] bytes, ImageHeader header, double scale, PixelMemory memory)
      throws UnreadableImage {
    JpegSegments segments = new JpegSegments(bytes);
    segments.requireFewScans(header.pixels());
    int eighths = eighths(scale);
    int width = share(header.width(), eighths);
    int height = share(header.height(), eighths);
    int channels = segments.components() == 4 ? 4 : 3;
    int length = Math.multiplyExact(Math.multiplyExact(width, height), channels);
    Block samples = memory.acquire(length);
    boolean given = false;
    try {
      Target target = new Target(samples.pointer(), width, height, channels);
      decode(bytes, header, segments, target, memory);
      if (channels == 3) {
        given = true;
        return new Pixels(width, height, samples.bytes(length), () -> memory.release(samples));
      }
      // The library has turned YCCK into inks already.
      boolean plain = Cmyk.Encoding.of(segments) == Cmyk.Encoding.PLAIN;
      Cmyk.Encoding encoding = plain ? Cmyk.Encoding.PLAIN : Cmyk.Encoding.INVERTED;
      Cmyk.toRgb(samples.bytes(length), encoding);
      given = true;
      return new Pixels(
          width, height, samples.bytes(length / 4 * 3), () -> memory.release(samples));
    } finally {
      if (!given) {
        memory.release(samples);
      }
    }
  }

  /** Receives the samples: RGB, or CMYK. */
  private record Target(Pointer samples, int width, int height, int channels) {}

  private static void decode(
      byte[] bytes, ImageHeader header, JpegSegments segments, Target target, PixelMemory memory)
      throws UnreadableImage {
    // Two more bytes, for the end marker that some programs leave out.
    Block file = memory.acquire(bytes.length + 2L);
    try {
      Pointer jpeg = file.fill(bytes);
      String warning = decompress(jpeg, bytes.length, header, segments, target);
      if (warning.startsWith("Premature end of JPEG file") && segments.hasOneScan()) {
        // With an end marker, libjpeg says whether more than that is missing.
        jpeg.write(bytes.length, JpegSegments.END, 0, JpegSegments.END.length);
        requireHarmless(
            decompress(
                jpeg, (long) bytes.length + JpegSegments.END.length, header, segments, target));
      } else if (!warning.equals(NO_WARNING)) {
        requireHarmless(warning);
        // It was the first warning, and may have hidden the one that matters.
        if (!segments.hasEnd()) {
          throw new UnreadableImage("truncated");
        }
      }
    } finally {
      memory.release(file);
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

  /** Scales a side, rounded up as in the library. */
  private static int share(int length, int eighths) {
    return (int) (((long) length * eighths + 7) / 8);
  }

  /** Decodes, and returns the library's first warning. */
  private static String decompress(
      Pointer jpeg, long length, ImageHeader header, JpegSegments segments, Target target)
      throws UnreadableImage {
    Pointer decompressor = TurboJpeg.tjInitDecompress();
    if (decompressor == null) {
      throw new OutOfMemoryError("libjpeg-turbo has no memory for a decompressor");
    }
    try {
      // The target has the size that we read in the header; the library has to read the same.
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
              target.samples(),
              target.width(),
              target.width() * target.channels(),
              target.height(),
              target.channels() == 4 ? TurboJpeg.PIXELS_CMYK : TurboJpeg.PIXELS_RGB,
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
      return new UnreadableImage("it has %d bits per sample; 8 are supported".formatted(precision));
    }
    return new UnreadableImage(
        segments.isLossless() ? "it is a lossless JPEG, which is not supported" : "corrupt");
  }

  /**
   * Refuses images whose missing parts the library has filled with grey. Its other warnings, such
   * as of bytes between segments, are harmless; Pillow ignores them.
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
