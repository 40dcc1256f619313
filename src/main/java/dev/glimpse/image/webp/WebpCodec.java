package dev.glimpse.image.webp;

import dev.glimpse.image.ImageCodec;
import dev.glimpse.image.ImageHeader;
import dev.glimpse.image.PixelMemory;
import dev.glimpse.image.Pixels;
import dev.glimpse.image.Signature;
import dev.glimpse.image.UnreadableImage;
import java.nio.ByteBuffer;

/**
 * Reads <a href="https://developers.google.com/speed/webp/docs/riff_container">WebP</a> where
 * libwebp is installed; of an animation, the first frame.
 */
public final class WebpCodec implements ImageCodec {

  @Override
  public String name() {
    return "WebP";
  }

  @Override
  public boolean matches(ByteBuffer file) {
    return Signature.matches(file, 0, 'R', 'I', 'F', 'F')
        && Signature.matches(file, 8, 'W', 'E', 'B', 'P');
  }

  @Override
  public boolean isAvailable() {
    return Webp.isAvailable();
  }

  @Override
  public String missing() {
    return "libwebp, which is not installed (on Debian, the package libwebp7)";
  }

  @Override
  public String implementation() {
    return "libwebp";
  }

  @Override
  public boolean decodesOnHeap() {
    return false;
  }

  @Override
  public ImageHeader header(ByteBuffer file) {
    return WebpHeader.read(file);
  }

  @Override
  public long estimateBytes(ByteBuffer file, ImageHeader header, double scale) {
    return WebpDecoder.estimateBytes(file, header);
  }

  @Override
  public Pixels decode(ByteBuffer file, ImageHeader header, double scale, PixelMemory memory)
      throws UnreadableImage {
    return new WebpDecoder(memory).decode(file);
  }
}
