package dev.glimpse.image.gif;

import dev.glimpse.image.ImageCodec;
import dev.glimpse.image.ImageHeader;
import dev.glimpse.image.Orientation;
import dev.glimpse.image.PixelMemory;
import dev.glimpse.image.Pixels;
import dev.glimpse.image.Signature;
import dev.glimpse.image.UnreadableImage;
import java.nio.ByteBuffer;

/** Reads the first frame of a <a href="https://www.w3.org/Graphics/GIF/spec-gif89a.txt">GIF</a>. */
public final class GifCodec implements ImageCodec {

  @Override
  public String name() {
    return "GIF";
  }

  @Override
  public boolean matches(ByteBuffer file) {
    return Signature.matches(file, 0, 'G', 'I', 'F', '8');
  }

  @Override
  public ImageHeader header(ByteBuffer file) {
    GifFrame frame = GifFrame.read(ImageCodec.array(file));
    return new ImageHeader(frame.width(), frame.height(), Orientation.UPRIGHT);
  }

  @Override
  public long estimateBytes(ByteBuffer file, ImageHeader header, double scale) {
    return header.pixels() * (1 + Pixels.SAMPLES); // one byte for the index
  }

  @Override
  public Pixels decode(ByteBuffer file, ImageHeader header, double scale, PixelMemory memory)
      throws UnreadableImage {
    return GifDecoder.decode(ImageCodec.array(file), header);
  }
}
