package dev.glimpse.image.png;

import dev.glimpse.image.ImageCodec;
import dev.glimpse.image.ImageHeader;
import dev.glimpse.image.PixelMemory;
import dev.glimpse.image.Pixels;
import dev.glimpse.image.UnreadableImage;
import java.nio.ByteBuffer;

/**
 * Reads the PNG files that most are, of 8 bits a sample in red, green, blue, with or without alpha,
 * and not interlaced, into native memory by native code, where the build has compiled it. {@link
 * PngCodec} reads all others, and these to the same pixels.
 */
public final class NativePngCodec implements ImageCodec {

  /** Offsets in a file whose first chunk is the header. */
  private static final int DEPTH = 24;

  private static final int COLOUR_TYPE = 25;
  private static final int INTERLACING = 28;

  private static final int RGB = 2;
  private static final int RGB_ALPHA = 6;

  private final PngCodec all = new PngCodec();

  @Override
  public String name() {
    return all.name();
  }

  /** Matches only what is then decoded here, so that {@link PngCodec} gets the rest. */
  @Override
  public boolean matches(ByteBuffer file) {
    return file.limit() > INTERLACING
        && all.matches(file)
        && file.get(DEPTH) == Byte.SIZE
        && (file.get(COLOUR_TYPE) == RGB || file.get(COLOUR_TYPE) == RGB_ALPHA)
        && file.get(INTERLACING) == 0
        && PngLibrary.isAvailable();
  }

  @Override
  public boolean isAvailable() {
    return PngLibrary.isAvailable();
  }

  @Override
  public String implementation() {
    return Libdeflate.isAvailable() ? "C with libdeflate" : "C";
  }

  @Override
  public boolean decodesOnHeap() {
    return false;
  }

  @Override
  public ImageHeader header(ByteBuffer file) throws UnreadableImage {
    return all.header(file);
  }

  @Override
  public long estimateBytes(ByteBuffer file, ImageHeader header, double scale) {
    return NativePngDecoder.rows(header, samples(file));
  }

  @Override
  public long estimateNanos(ByteBuffer file, ImageHeader header, double scale) {
    return Libdeflate.isAvailable()
        ? 8 * header.pixels() + 6L * file.limit()
        : all.estimateNanos(file, header, scale);
  }

  @Override
  public Pixels decode(ByteBuffer file, ImageHeader header, double scale, PixelMemory memory)
      throws UnreadableImage {
    return new NativePngDecoder(memory).decode(file, header, samples(file));
  }

  private static int samples(ByteBuffer file) {
    return file.get(COLOUR_TYPE) == RGB_ALPHA ? 4 : Pixels.SAMPLES;
  }
}
