package dev.glimpse.image.png;

import dev.glimpse.image.ImageCodec;
import dev.glimpse.image.ImageHeader;
import dev.glimpse.image.Orientation;
import dev.glimpse.image.PixelMemory;
import dev.glimpse.image.Pixels;
import dev.glimpse.image.Signature;
import dev.glimpse.image.UnreadableImage;
import java.nio.ByteBuffer;

/** Reads <a href="https://www.w3.org/TR/png-3/">PNG</a>; of an animation, the default image. */
public final class PngCodec implements ImageCodec {

  /** The offset of the first chunk's type, after the signature (8 bytes) and its length (4). */
  private static final int FIRST_CHUNK = 12;

  /** The offset of the width (4 bytes) and then the height (4), after the type "IHDR". */
  private static final int WIDTH = 16;

  @Override
  public String name() {
    return "PNG";
  }

  @Override
  public boolean matches(ByteBuffer file) {
    return Signature.matches(file, 0, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n');
  }

  @Override
  public ImageHeader header(ByteBuffer file) throws UnreadableImage {
    if (Signature.matches(file, FIRST_CHUNK, 'C', 'g', 'B', 'I')) {
      throw new UnreadableImage(
          "it is Apple's variant of PNG (CgBI), which Xcode writes into apps; save it as PNG");
    }
    ByteBuffer in = file.duplicate().position(WIDTH);
    int width = in.getInt();
    int height = in.getInt();
    Orientation orientation =
        PngChunks.exif(file)
            .map(exif -> Orientation.ofChunk(exif, Orientation.UPRIGHT))
            .orElse(Orientation.UPRIGHT);
    return new ImageHeader(width, height, orientation);
  }

  @Override
  public long estimateBytes(ByteBuffer file, ImageHeader header, double scale) {
    return header.pixels() * Pixels.SAMPLES;
  }

  @Override
  public Pixels decode(ByteBuffer file, ImageHeader header, double scale, PixelMemory memory)
      throws UnreadableImage {
    return PngDecoder.decode(file, header);
  }
}
