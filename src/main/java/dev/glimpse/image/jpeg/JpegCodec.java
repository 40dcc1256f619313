package dev.glimpse.image.jpeg;

import dev.glimpse.image.ImageCodec;
import dev.glimpse.image.ImageHeader;
import dev.glimpse.image.Orientation;
import dev.glimpse.image.Part;
import dev.glimpse.image.PixelMemory;
import dev.glimpse.image.Pixels;
import dev.glimpse.image.Signature;
import dev.glimpse.image.UnreadableImage;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads <a href="https://www.w3.org/Graphics/JPEG/itu-t81.pdf">JPEG</a> with libjpeg-turbo, or with
 * ImageIO where that is not installed and there is an ImageIO.
 */
public final class JpegCodec implements ImageCodec {

  private static final Logger LOG = Logger.getLogger(JpegCodec.class);

  private final boolean decodesParts;
  private boolean searched;
  private @Nullable JpegDecoder decoder;

  /**
   * Creates the codec; loads no library.
   *
   * @param decodesParts whether to decode only the part of an image that is needed, where the
   *     library in C and libjpeg-turbo can
   */
  public JpegCodec(boolean decodesParts) {
    this.decodesParts = decodesParts;
  }

  /** Loads libjpeg-turbo, so that the first image does not have to wait for it. */
  public static void loadLibrary() {
    TurboJpeg.isAvailable();
    JpegLibrary.isAvailable();
  }

  @Override
  public String name() {
    return "JPEG";
  }

  @Override
  public boolean matches(ByteBuffer file) {
    return Signature.matches(file, 0, 0xFF, 0xD8, 0xFF);
  }

  @Override
  public boolean isAvailable() {
    return decoder().isPresent();
  }

  @Override
  public String missing() {
    return "libjpeg-turbo, which is not installed (on Debian, the package libturbojpeg0)";
  }

  @Override
  public String implementation() {
    return decoder().map(JpegDecoder::name).orElse("not read");
  }

  @Override
  public boolean decodesOnHeap() {
    return decoder().orElseThrow().decodesOnHeap();
  }

  @Override
  public ImageHeader header(ByteBuffer file) throws UnreadableImage {
    JpegSegments segments = new JpegSegments(file);
    JpegSegments.Segment frame =
        segments.frame().orElseThrow(() -> new UnreadableImage("it has no frame header"));
    int height = Short.toUnsignedInt(file.getShort(frame.data() + 1));
    int width = Short.toUnsignedInt(file.getShort(frame.data() + 3));
    Orientation orientation = Orientation.UPRIGHT;
    for (JpegSegments.Segment segment : segments.all(JpegSegments.APP1)) {
      ByteBuffer content = file.slice(segment.data(), segment.end() - segment.data());
      if (Orientation.isExif(content)) {
        orientation = Orientation.ofExif(content, orientation);
        break; // of several, the first one counts, as in Pillow
      }
    }
    return new ImageHeader(width, height, orientation);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Decoding at half the size or less takes 1 ns a pixel, at full size 3, and as much again for
   * resizing; Huffman codes take 2 ns a byte, and each pass over the coefficients 1 ns a pixel.
   */
  @Override
  public long estimateNanos(ByteBuffer file, ImageHeader header, double scale) {
    int passes = new JpegSegments(file).scans();
    return header.pixels() * ((scale <= 0.5 ? 1 : 6) + passes) + 2L * file.limit();
  }

  @Override
  public long estimateBytes(ByteBuffer file, ImageHeader header, double scale) {
    new JpegSegments(file).requireFewPasses(header.pixels());
    return decoder().orElseThrow().estimateBytes(file, header, scale);
  }

  @Override
  public String smaller(ByteBuffer file) {
    return new JpegSegments(file).hasOneScan()
        ? "a smaller image"
        : "a smaller image, or a JPEG that is not progressive";
  }

  @Override
  public Pixels decode(ByteBuffer file, ImageHeader header, double scale, PixelMemory memory)
      throws UnreadableImage {
    return decoder().orElseThrow().decode(file, header, scale, memory);
  }

  @Override
  public Pixels decodePart(
      ByteBuffer file, ImageHeader header, double scale, Part part, PixelMemory memory)
      throws UnreadableImage {
    return decodesParts
        ? decoder().orElseThrow().decodePart(file, header, scale, part, memory)
        : decode(file, header, scale, memory);
  }

  /** Chooses the decoder at the first call, as libjpeg-turbo is loaded for that. */
  private synchronized Optional<JpegDecoder> decoder() {
    if (!searched) {
      decoder = find();
      searched = true;
    }
    return Optional.ofNullable(decoder);
  }

  private static @Nullable JpegDecoder find() {
    Optional<TurboJpegDecoder> turbo = TurboJpegDecoder.find();
    if (turbo.isPresent()) {
      return turbo.get();
    }
    if (ImageIoDecoder.AVAILABLE) {
      LOG.info(
          "libjpeg-turbo is not installed: ImageIO decodes JPEG images, more slowly."
              + " Install the package libturbojpeg0 or turbojpeg.");
      return new ImageIoDecoder();
    }
    LOG.warn(
        "libjpeg-turbo is not installed: JPEG images are not supported."
            + " Install the package libturbojpeg0 or turbojpeg.");
    return null;
  }
}
