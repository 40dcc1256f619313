package dev.glimpse.image.tiff;

import dev.glimpse.image.ImageCodec;
import dev.glimpse.image.ImageHeader;
import dev.glimpse.image.Orientation;
import dev.glimpse.image.PixelMemory;
import dev.glimpse.image.Pixels;
import dev.glimpse.image.Signature;
import dev.glimpse.image.UnreadableImage;
import java.nio.ByteBuffer;

/**
 * Reads a page of a <a href="https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf">TIFF
 * 6.0</a> file. {@link #header} refuses kinds that are not supported, BigTIFF among them.
 */
public final class TiffCodec implements ImageCodec {

  private static final int VERSION = 42;
  private static final int BIG_VERSION = 43;

  @Override
  public String name() {
    return "TIFF";
  }

  @Override
  public boolean matches(ByteBuffer file) {
    return hasVersion(file, VERSION) || hasVersion(file, BIG_VERSION);
  }

  @Override
  public ImageHeader header(ByteBuffer file) {
    if (hasVersion(file, BIG_VERSION)) {
      throw UnsupportedTiff.of("with 64-bit offsets (BigTIFF)");
    }
    TiffDirectory tags = new TiffDirectory(ImageCodec.array(file));
    TiffLayout layout = TiffLayout.of(tags);
    TiffColours.of(tags, layout); // refuses colours that are not supported
    Orientation orientation =
        Orientation.ofTag(tags.value(TiffTag.ORIENTATION, 1), Orientation.UPRIGHT);
    return new ImageHeader(layout.width(), layout.height(), orientation);
  }

  @Override
  public ByteBuffer withPageFirst(ByteBuffer file, int page, boolean mayChange) {
    if (hasVersion(file, BIG_VERSION)) {
      return file; // refused by its header
    }
    byte[] bytes = mayChange ? ImageCodec.array(file) : ImageCodec.array(file).clone();
    TiffPages.putFirst(bytes, page);
    return ByteBuffer.wrap(bytes);
  }

  @Override
  public long estimateBytes(ByteBuffer file, ImageHeader header, double scale) {
    TiffLayout layout = TiffLayout.of(new TiffDirectory(ImageCodec.array(file)));
    long block = (long) layout.rowBytes() * layout.blockHeight() * layout.planes();
    return header.pixels() * Pixels.SAMPLES + block;
  }

  @Override
  public Pixels decode(ByteBuffer file, ImageHeader header, double scale, PixelMemory memory)
      throws UnreadableImage {
    return TiffDecoder.decode(ImageCodec.array(file));
  }

  private static boolean hasVersion(ByteBuffer file, int version) {
    return Signature.matches(file, 0, 'I', 'I', version, 0)
        || Signature.matches(file, 0, 'M', 'M', 0, version);
  }
}
