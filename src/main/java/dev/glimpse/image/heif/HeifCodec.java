package dev.glimpse.image.heif;

import dev.glimpse.image.ImageCodec;
import dev.glimpse.image.ImageHeader;
import dev.glimpse.image.PixelMemory;
import dev.glimpse.image.Pixels;
import dev.glimpse.image.Signature;
import dev.glimpse.image.UnreadableImage;
import java.nio.ByteBuffer;

/**
 * Reads <a href="https://www.iso.org/standard/83650.html">HEIC</a> or <a
 * href="https://aomediacodec.github.io/av1-avif/">AVIF</a> where libheif is installed; of an
 * animation, the still image beside it. EXIF is ignored, as the container itself says how the image
 * is turned.
 */
public final class HeifCodec implements ImageCodec {

  /** More than any encoder lists. */
  private static final int MAX_BRANDS = 64;

  private final Kind kind;

  private HeifCodec(Kind kind) {
    this.kind = kind;
  }

  /** Returns the codec for images that are coded as HEVC. */
  public static HeifCodec heic() {
    return new HeifCodec(Kind.HEIC);
  }

  /** Returns the codec for images that are coded as AV1. */
  public static HeifCodec avif() {
    return new HeifCodec(Kind.AVIF);
  }

  @Override
  public String name() {
    return kind.name();
  }

  /** Compares the major brand, and the others if that is of files of both kinds. */
  @Override
  public boolean matches(ByteBuffer file) {
    if (!Signature.matches(file, 4, 'f', 't', 'y', 'p')) {
      return false;
    }
    if (isBrand(file, 8, "avif") || isBrand(file, 8, "avis")) {
      return kind == Kind.AVIF;
    }
    if (Signature.matches(file, 8, 'h', 'e', 'i') || Signature.matches(file, 8, 'h', 'e', 'v')) {
      return kind == Kind.HEIC;
    }
    boolean image = isBrand(file, 8, "mif1") || isBrand(file, 8, "msf1");
    boolean avif = lists(file, "avif");
    return kind == Kind.AVIF ? avif : !avif && (image || lists(file, "heic"));
  }

  private static boolean lists(ByteBuffer file, String brand) {
    for (int i = 0, at = 16; i < MAX_BRANDS && at + 4 <= boxEnd(file); i++, at += 4) {
      if (isBrand(file, at, brand)) {
        return true;
      }
    }
    return false;
  }

  private static int boxEnd(ByteBuffer file) {
    int length = ((file.get(2) & 0xFF) << 8) | (file.get(3) & 0xFF);
    return Math.min(file.limit(), length);
  }

  private static boolean isBrand(ByteBuffer file, int at, String brand) {
    return Signature.matches(
        file, at, brand.charAt(0), brand.charAt(1), brand.charAt(2), brand.charAt(3));
  }

  @Override
  public boolean isAvailable() {
    return Heif.decodes(kind);
  }

  @Override
  public String missing() {
    return Heif.isInstalled()
        ? "a decoder for libheif, which is not installed (on Debian, the package %s)"
            .formatted(kind.plugin())
        : "libheif, which is not installed (on Debian, the package libheif1)";
  }

  @Override
  public String implementation() {
    return "libheif";
  }

  @Override
  public boolean decodesOnHeap() {
    return false;
  }

  @Override
  public ImageHeader header(ByteBuffer file) throws UnreadableImage {
    HeifImage image = HeifParser.read(file, name());
    Geometry shown = image.geometry();
    return new ImageHeader(
        shown.width(), shown.height(), shown.orientation(), image.decodedPixels());
  }

  @Override
  public long estimateBytes(ByteBuffer file, ImageHeader header, double scale) {
    try {
      return HeifDecoder.estimateBytes(HeifParser.read(file, name())) + 2L * file.limit();
    } catch (UnreadableImage e) {
      throw new IllegalArgumentException(e); // it has been read before
    }
  }

  @Override
  public long estimateNanos(ByteBuffer file, ImageHeader header, double scale) {
    try {
      return HeifDecoder.estimateNanos(HeifParser.read(file, name()), file.limit());
    } catch (UnreadableImage e) {
      throw new IllegalArgumentException(e); // it has been read before
    }
  }

  @Override
  public Pixels decode(ByteBuffer file, ImageHeader header, double scale, PixelMemory memory)
      throws UnreadableImage {
    HeifImage image = HeifParser.read(file, name());
    for (HeifImage.Item item : image.tiles()) {
      requireAvailable(item.kind());
    }
    for (HeifImage.Item item : image.alphas()) {
      requireAvailable(item.kind());
    }
    return new HeifDecoder(image, memory).decode();
  }

  private static void requireAvailable(Kind coded) {
    if (!Heif.decodes(coded)) {
      throw UnsupportedHeif.of(coded.name(), "inside of the other format, without a decoder,");
    }
  }
}
