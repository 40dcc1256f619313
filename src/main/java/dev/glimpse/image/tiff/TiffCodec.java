package dev.glimpse.image.tiff;

import dev.glimpse.image.ImageCodec;
import dev.glimpse.image.ImageHeader;
import dev.glimpse.image.PixelMemory;
import dev.glimpse.image.Pixels;
import dev.glimpse.image.Signature;
import dev.glimpse.image.UnreadableImage;

/**
 * Reads the first page of a <a
 * href="https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf">TIFF</a>.
 */
public final class TiffCodec implements ImageCodec {

  @Override
  public String name() {
    return "TIFF";
  }

  /** Recognises BigTIFF (version 43) too, which {@link #header} then refuses by its name. */
  @Override
  public boolean matches(byte[] file) {
    return Signature.matches(file, 0, 'I', 'I', 42, 0)
        || Signature.matches(file, 0, 'M', 'M', 0, 42)
        || Signature.matches(file, 0, 'I', 'I', 43, 0)
        || Signature.matches(file, 0, 'M', 'M', 0, 43);
  }

  @Override
  public ImageHeader header(byte[] file) {
    return TiffHeader.read(file);
  }

  @Override
  public long memory(byte[] file, ImageHeader header, double scale) {
    TiffLayout layout = TiffLayout.of(new TiffDirectory(file));
    long block = (long) layout.rowBytes() * layout.blockHeight() * layout.planes();
    return header.pixels() * Pixels.SAMPLES + block;
  }

  @Override
  public Pixels decode(byte[] file, ImageHeader header, double scale, PixelMemory memory)
      throws UnreadableImage {
    return TiffDecoder.decode(file);
  }
}
