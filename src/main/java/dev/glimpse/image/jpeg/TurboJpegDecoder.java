package dev.glimpse.image.jpeg;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import dev.glimpse.bytes.NativeBlock;
import dev.glimpse.image.ImageHeader;
import dev.glimpse.image.Part;
import dev.glimpse.image.PixelMemory;
import dev.glimpse.image.Pixels;
import dev.glimpse.image.UnreadableImage;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Decodes JPEGs with libjpeg-turbo, which is about twice as fast as ImageIO and gives the same
 * pixels as Pillow.
 *
 * <p>Each image gets a decompressor of its own: creating one takes less than a microsecond, and
 * idle threads hold no memory.
 */
final class TurboJpegDecoder implements JpegDecoder {

  /**
   * Scales, in eighths, that are cheaper than full size. A 12-megapixel photo takes 9, 11 and 14
   * ms, at full size 35. Of the library's other scales, 3/8 takes longer than 1/2, and those above
   * 1/2 as long as full size or longer.
   */
  private static final int[] CHEAPER = {1, 2, 4};

  private static final String NO_WARNING = "";

  private final String library;

  private TurboJpegDecoder(String library) {
    this.library = library;
  }

  /** Returns this decoder, or empty if libjpeg-turbo is not installed. Loads the library. */
  static Optional<TurboJpegDecoder> find() {
    return TurboJpeg.load().map(TurboJpegDecoder::new);
  }

  @Override
  public String name() {
    return library;
  }

  @Override
  public boolean decodesOnHeap() {
    return false;
  }

  @Override
  public long estimateBytes(ByteBuffer bytes, ImageHeader header, double scale) {
    JpegSegments segments = new JpegSegments(bytes);
    int eighths = eighths(scale);
    long pixels = (long) scaled(header.width(), eighths) * scaled(header.height(), eighths);
    int channels = segments.components() == 4 ? 4 : 3;
    return pixels * channels + segments.coefficients(header.pixels());
  }

  @Override
  public Pixels decode(ByteBuffer bytes, ImageHeader header, double scale, PixelMemory memory)
      throws UnreadableImage {
    JpegSegments segments = new JpegSegments(bytes);
    segments.requireFewScans(header.pixels());
    int eighths = eighths(scale);
    int width = scaled(header.width(), eighths);
    int height = scaled(header.height(), eighths);
    int channels = segments.components() == 4 ? 4 : 3;
    int length = Math.multiplyExact(Math.multiplyExact(width, height), channels);
    NativeBlock samples = memory.acquire(length);
    boolean handedOver = false;
    try {
      decode(
          bytes, header, segments, memory, new Target(samples.pointer(), width, height, channels));
      if (channels == 3) {
        handedOver = true;
        return new Pixels(width, height, samples.bytes(length), () -> memory.release(samples));
      }
      // The library has already converted YCCK to CMYK.
      boolean plain = Cmyk.Encoding.of(segments) == Cmyk.Encoding.PLAIN;
      Cmyk.Encoding encoding = plain ? Cmyk.Encoding.PLAIN : Cmyk.Encoding.INVERTED;
      Cmyk.toRgb(samples.bytes(length), encoding);
      handedOver = true;
      return new Pixels(
          width, height, samples.bytes(length / 4 * 3), () -> memory.release(samples));
    } finally {
      if (!handedOver) {
        memory.release(samples);
      }
    }
  }

  @Override
  public Pixels decodePart(
      ByteBuffer bytes, ImageHeader header, double scale, Part part, PixelMemory memory)
      throws UnreadableImage {
    int eighths = eighths(scale);
    Optional<Pixels> decoded =
        PartialJpeg.of(bytes, header, eighths)
            .flatMap(jpeg ->
                jpeg.decode(
                    scaled(header.width(), eighths),
                    scaled(header.height(), eighths),
                    part,
                    memory));
    return decoded.isPresent() ? decoded.get() : decode(bytes, header, scale, memory);
  }

  /** Describes the memory for the samples: RGB, or CMYK if there are 4 channels. */
  private record Target(Pointer samples, int width, int height, int channels) {}

  private static void decode(
      ByteBuffer bytes,
      ImageHeader header,
      JpegSegments segments,
      PixelMemory memory,
      Target target)
      throws UnreadableImage {
    String warning =
        bytes.isDirect()
            ? decompress(
                Native.getDirectBufferPointer(bytes), bytes.limit(), header, segments, target)
            : decompressCopy(bytes, new byte[0], header, segments, memory, target);
    if (warning.startsWith("Premature end of JPEG file") && segments.hasOneScan()) {
      // Some programs omit the end marker. With one, libjpeg tells whether more is missing.
      requireHarmless(decompressCopy(bytes, JpegSegments.END, header, segments, memory, target));
    } else if (!warning.equals(NO_WARNING)) {
      requireHarmless(warning);
      // The library reports the first warning only, which may hide the one that matters.
      if (!segments.hasEnd()) {
        throw new UnreadableImage("truncated");
      }
    }
  }

  /** Decodes a copy of the file in native memory, with more bytes at its end. */
  private static String decompressCopy(
      ByteBuffer bytes,
      byte[] end,
      ImageHeader header,
      JpegSegments segments,
      PixelMemory memory,
      Target target)
      throws UnreadableImage {
    int length = Math.addExact(bytes.limit(), end.length);
    NativeBlock file = memory.acquire(length);
    try {
      file.bytes(length).put(bytes.duplicate()).put(end);
      return decompress(file.pointer(), length, header, segments, target);
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

  /** Scales a side and rounds up, as the library does. */
  private static int scaled(int length, int eighths) {
    return (int) (((long) length * eighths + 7) / 8);
  }

  /** Decodes, and returns the library's first warning, or {@link #NO_WARNING}. */
  private static String decompress(
      Pointer jpeg, long length, ImageHeader header, JpegSegments segments, Target target)
      throws UnreadableImage {
    Pointer decompressor = TurboJpeg.tjInitDecompress();
    if (decompressor == null) {
      throw new OutOfMemoryError("libjpeg-turbo has no memory for a decompressor");
    }
    try {
      // The memory has the size that we read in the header; the library has to read the same.
      int[] width = new int[1];
      int[] height = new int[1];
      TurboJpeg.tjDecompressHeader3(
          decompressor, jpeg, length, width, height, new int[1], new int[1]);
      if (width[0] != header.width() || height[0] != header.height()) {
        throw unreadable(segments);
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
        throw unreadable(segments);
      }
      return TurboJpeg.tjGetErrorStr2(decompressor);
    } finally {
      TurboJpeg.tjDestroy(decompressor);
    }
  }

  private static UnreadableImage unreadable(JpegSegments segments) {
    int precision = segments.precision();
    if (precision > 8 && precision <= 16) {
      return new UnreadableImage("it has %d bits per sample; 8 are supported".formatted(precision));
    }
    return new UnreadableImage(
        segments.isLossless() ? "it is a lossless JPEG, which is not supported" : "corrupt");
  }

  /**
   * Refuses an image in which the library has filled gaps with grey. Its other warnings, such as
   * those about bytes between segments, are harmless; Pillow does not see them.
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
