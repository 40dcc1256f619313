package dev.glimpse.image.heif;

import com.sun.jna.Pointer;
import dev.glimpse.bytes.NativeBlock;
import dev.glimpse.image.PixelMemory;
import dev.glimpse.image.Pixels;
import dev.glimpse.image.UnreadableImage;
import dev.glimpse.image.heif.HeifImage.Item;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decodes tile after tile with libheif, and puts what is shown of each in its place. Requires
 * {@link Heif#decodes}. For one thread at a time.
 */
final class HeifDecoder {

  /**
   * What libheif and its decoders need for each pixel of a tile, in bytes, at 8 bits and above. At
   * 3 and 12 megapixels, libheif 1.15 and 1.23 took 5 to 10 for HEIC at 8 bits; 1.15 took 7 to 15
   * for AVIF at 8 bits, and 12 to 26 for both at 10 and 12; the most for lossless AVIF and for AVIF
   * with whole chroma.
   */
  private static final int HEIC_TILE = 11;

  private static final int AVIF_TILE = 16;

  private static final int DEEP_TILE = 28;

  /** What decoding takes a core for a pixel, a byte of the file, and a tile, in nanoseconds. */
  private static final int PIXEL_NANOS = 40;

  private static final int DEEP_PIXEL_NANOS = 80;
  private static final int BYTE_NANOS = 200;
  private static final int TILE_NANOS = 200_000;

  private final HeifImage image;
  private final PixelMemory memory;

  HeifDecoder(HeifImage image, PixelMemory memory) {
    this.image = image;
    this.memory = memory;
  }

  /** Estimates what decoding takes, in bytes, besides the file. */
  static long estimateBytes(HeifImage image) {
    Item tile = image.tiles().get(0);
    int shallow = tile.kind() == Kind.HEIC ? HEIC_TILE : AVIF_TILE;
    long perPixel = isDeep(image) ? DEEP_TILE : shallow;
    long perAlpha = image.alphas().isEmpty() ? 0 : 4;
    long shown = (long) image.geometry().width() * image.geometry().height();
    return shown * Pixels.SAMPLES + (long) tile.width() * tile.height() * (perPixel + perAlpha);
  }

  /** Estimates how long decoding takes, in nanoseconds of one core. */
  static long estimateNanos(HeifImage image, int fileLength) {
    int coded = image.tiles().size() + image.alphas().size();
    long pixels = image.decodedPixels() / image.tiles().size() * coded;
    return pixels * (isDeep(image) ? DEEP_PIXEL_NANOS : PIXEL_NANOS)
        + (long) fileLength * BYTE_NANOS
        + (long) coded * TILE_NANOS;
  }

  private static boolean isDeep(HeifImage image) {
    return Stream.concat(image.tiles().stream(), image.alphas().stream())
        .anyMatch(item -> item.depth() > 8);
  }

  /**
   * Decodes at full size.
   *
   * @return what is shown, before turning
   * @throws UnreadableImage if the file is truncated or corrupt
   */
  Pixels decode() throws UnreadableImage {
    Geometry shown = image.geometry();
    int length =
        Math.multiplyExact(Math.multiplyExact(shown.width(), shown.height()), Pixels.SAMPLES);
    NativeBlock samples = memory.acquire(length);
    boolean given = false;
    try {
      for (int i = 0; i < image.tiles().size(); i++) {
        decodeTile(i, samples.bytes(length));
      }
      given = true;
      return new Pixels(
          shown.width(), shown.height(), samples.bytes(length), () -> memory.release(samples));
    } finally {
      if (!given) {
        memory.release(samples);
      }
    }
  }

  private void decodeTile(int number, ByteBuffer samples) throws UnreadableImage {
    Item tile = image.tiles().get(number);
    TilePart part =
        TilePart.of(
            image.geometry(),
            tile,
            number % image.columns() * tile.width(),
            number / image.columns() * tile.height());
    if (part.isEmpty()) {
      return; // all of it is cropped
    }
    Coded alpha = image.alphas().isEmpty() ? null : coded(image.alphas().get(number));
    decode(coded(tile), alpha, part, samples);
  }

  private Coded coded(Item item) throws UnreadableImage {
    ByteBuffer configuration = image.items().content(item.configuration());
    ByteBuffer data = image.items().data(item.id());
    return switch (item.kind()) {
      case HEIC -> HevcPicture.read(item, configuration, data, image.decodedPixels());
      case AVIF -> Av1Picture.read(item, configuration, data);
    };
  }

  private void decode(Coded tile, @Nullable Coded alpha, TilePart part, ByteBuffer samples)
      throws UnreadableImage {
    StillFile still = new StillFile(image.items(), tile, alpha);
    NativeBlock file = memory.acquire(still.length());
    try (HeifContext context = new HeifContext(tile.item())) {
      still.writeTo(file.bytes(still.length()));
      context.decode(file.pointer(), still.length(), alpha != null);
      int stride = context.stride();
      Pointer plane = context.plane();
      ByteBuffer rows = plane.getByteBuffer(0, (long) stride * tile.item().height());
      if (alpha == null) {
        part.copy(rows, stride, samples);
      } else {
        part.copyOverWhite(rows, stride, image.premultiplied(), samples);
      }
    } finally {
      memory.release(file);
    }
  }
}
