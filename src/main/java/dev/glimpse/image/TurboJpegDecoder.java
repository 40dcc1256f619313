package dev.glimpse.image;

import com.sun.jna.Pointer;
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

  private TurboJpegDecoder(String library) {
    this.library = library;
  }

  /** This decoder; empty if the machine has no libjpeg-turbo. */
  static Optional<TurboJpegDecoder> find() {
    return TurboJpeg.load().map(TurboJpegDecoder::new);
  }

  /** Which library decodes, for people. */
  @Override
  public String toString() {
    return library;
  }

  @Override
  public Pixels decode(byte[] bytes, ImageHeader header, double scale) throws UnreadableImage {
    JpegSegments segments = new JpegSegments(bytes);
    int eighths = eighths(scale);
    int width = share(header.width(), eighths);
    int height = share(header.height(), eighths);
    boolean fourInks = segments.components() == 4;
    byte[] samples =
        new byte[Math.multiplyExact(Math.multiplyExact(width, height), fourInks ? 4 : 3)];

    String warning = decompress(bytes, header, segments, width, height, samples);
    if (warning.startsWith("Premature end of JPEG file") && segments.hasOneScan()) {
      // Some programs leave out the end marker. With one, libjpeg says whether more is missing.
      warning = decompress(segments.withEnd(), header, segments, width, height, samples);
      requireHarmless(warning);
    } else if (!warning.equals(NO_WARNING)) {
      requireHarmless(warning);
      // It was the first warning, and may have hidden the one that matters.
      if (!segments.hasEnd()) {
        throw new UnreadableImage("truncated");
      }
    }
    if (!fourInks) {
      return new Pixels(width, height, samples);
    }
    // The library has turned YCCK into inks already.
    boolean plain = Cmyk.Encoding.of(segments) == Cmyk.Encoding.PLAIN;
    Cmyk.Encoding encoding = plain ? Cmyk.Encoding.PLAIN : Cmyk.Encoding.INVERTED;
    return Cmyk.toRgb(width, height, samples, encoding);
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

  /**
   * Decodes into {@code samples}, as RGB or as CMYK, by their number.
   *
   * @return the library's first warning
   */
  private static String decompress(
      byte[] bytes,
      ImageHeader header,
      JpegSegments segments,
      int width,
      int height,
      byte[] samples)
      throws UnreadableImage {
    Pointer decompressor = TurboJpeg.tjInitDecompress();
    if (decompressor == null) {
      throw new OutOfMemoryError("libjpeg-turbo has no memory for a decompressor");
    }
    try {
      // The samples' room was made for what we read in the header; the library has to read the
      // same.
      int[] storedWidth = new int[1];
      int[] storedHeight = new int[1];
      TurboJpeg.tjDecompressHeader3(
          decompressor, bytes, bytes.length, storedWidth, storedHeight, new int[1], new int[1]);
      if (storedWidth[0] != header.width() || storedHeight[0] != header.height()) {
        throw refusal(segments);
      }
      boolean fourInks = segments.components() == 4;
      int result =
          TurboJpeg.tjDecompress2(
              decompressor,
              bytes,
              bytes.length,
              samples,
              width,
              samples.length / height,
              height,
              fourInks ? TurboJpeg.PIXELS_CMYK : TurboJpeg.PIXELS_RGB,
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
