package dev.glimpse.image.bmp;

import dev.glimpse.image.ImageCodec;
import dev.glimpse.image.ImageHeader;
import dev.glimpse.image.Orientation;
import dev.glimpse.image.PixelMemory;
import dev.glimpse.image.Pixels;
import dev.glimpse.image.Signature;
import dev.glimpse.image.UnreadableImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads <a href="https://learn.microsoft.com/windows/win32/gdi/bitmap-storage">BMP</a>. */
public final class BmpCodec implements ImageCodec {

  /** The file's own header; then comes that of the image, which begins with its length. */
  private static final int FILE_HEADER = 14;

  private static final int OS2_HEADER = 12;

  @Override
  public String name() {
    return "BMP";
  }

  @Override
  public boolean matches(ByteBuffer file) {
    return Signature.matches(file, 0, 'B', 'M');
  }

  @Override
  public ImageHeader header(ByteBuffer file) {
    ByteBuffer in = file.duplicate().order(ByteOrder.LITTLE_ENDIAN).position(FILE_HEADER);
    boolean os2 = in.getInt() == OS2_HEADER;
    int width = os2 ? Short.toUnsignedInt(in.getShort()) : in.getInt();
    int height = os2 ? Short.toUnsignedInt(in.getShort()) : in.getInt();
    // A negative height means that the rows are stored from the top.
    return new ImageHeader(width, Math.abs(height), Orientation.UPRIGHT);
  }

  /** As nothing is compressed, that is 5 a pixel. */
  @Override
  public long estimateNanos(ByteBuffer file, ImageHeader header, double scale) {
    return 5 * header.pixels();
  }

  @Override
  public long estimateBytes(ByteBuffer file, ImageHeader header, double scale) {
    return header.pixels() * Pixels.SAMPLES;
  }

  @Override
  public Pixels decode(ByteBuffer file, ImageHeader header, double scale, PixelMemory memory)
      throws UnreadableImage {
    return BmpDecoder.decode(ImageCodec.array(file), header);
  }
}
