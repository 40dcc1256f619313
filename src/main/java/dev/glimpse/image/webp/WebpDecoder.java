package dev.glimpse.image.webp;

import com.sun.jna.Pointer;
import dev.glimpse.bytes.NativeBlock;
import dev.glimpse.image.ImageHeader;
import dev.glimpse.image.OverWhite;
import dev.glimpse.image.PixelMemory;
import dev.glimpse.image.Pixels;
import dev.glimpse.image.UnreadableImage;
import dev.glimpse.image.webp.WebpChunks.Chunk;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Decodes WebP with libwebp: lossy and lossless, transparency over white; of an animation, the
 * first frame on its canvas. Requires {@link Webp#isAvailable()}.
 */
final class WebpDecoder {

  private static final int ALPHA_FLAG = 0x10;

  private final PixelMemory memory;

  /** Decodes with files and pixels in this memory. */
  WebpDecoder(PixelMemory memory) {
    this.memory = memory;
  }

  /**
   * Decodes at full size.
   *
   * @throws UnreadableImage if the file is truncated or corrupt
   */
  Pixels decode(ByteBuffer bytes) throws UnreadableImage {
    WebpHeader webp = WebpHeader.of(bytes);
    WebpHeader.Frame frame = webp.frame();
    if (!WebpChunks.of(bytes).isComplete()) {
      throw new UnreadableImage("truncated");
    }
    int stride = frame.width() * channels(webp);
    int length = Math.multiplyExact(stride, frame.height());
    NativeBlock samples = memory.acquire(length);
    boolean given = false;
    try {
      decode(bytes, webp, samples.pointer(), length, stride);
      if (webp.alpha()) {
        OverWhite.toRgb(samples.bytes(length));
      }
      ByteBuffer rgb = samples.bytes(length / channels(webp) * Pixels.SAMPLES);
      if (!webp.fillsCanvas()) {
        return onCanvas(rgb, webp);
      }
      given = true;
      return new Pixels(webp.width(), webp.height(), rgb, () -> memory.release(samples));
    } finally {
      if (!given) {
        memory.release(samples);
      }
    }
  }

  /** Estimates what decoding takes, in bytes. */
  static long estimateBytes(ByteBuffer bytes, ImageHeader header) {
    WebpHeader webp = WebpHeader.of(bytes);
    // A lossless image is first decoded to 4 bytes per pixel inside the library.
    int samples = channels(webp) + 4 + (webp.fillsCanvas() ? 0 : Pixels.SAMPLES);
    return header.pixels() * samples;
  }

  private static int channels(WebpHeader webp) {
    return webp.alpha() ? 4 : Pixels.SAMPLES;
  }

  private void decode(ByteBuffer bytes, WebpHeader webp, Pointer samples, int length, int stride)
      throws UnreadableImage {
    int size = stillBytes(webp.frame());
    NativeBlock file = memory.acquire(size);
    try {
      writeStill(file.bytes(size), bytes, webp.frame());
      Pointer data = file.pointer();
      long done =
          webp.alpha()
              ? Webp.WebPDecodeRGBAInto(data, size, samples, length, stride)
              : Webp.WebPDecodeRGBInto(data, size, samples, length, stride);
      if (done == 0) {
        throw new UnreadableImage("truncated or corrupt");
      }
    } finally {
      memory.release(file);
    }
  }

  private static @Nullable Chunk alpha(WebpHeader.Frame frame) {
    return frame.pixels().name() == WebpChunks.VP8
        ? frame.chunks().first(WebpChunks.ALPH).orElse(null)
        : null;
  }

  private static int stillBytes(WebpHeader.Frame frame) {
    Chunk alpha = alpha(frame);
    return 12 + padded(frame.pixels()) + (alpha == null ? 0 : 18 + padded(alpha));
  }

  /** Writes a file of the one frame, as libwebp's simple interface reads no animations. */
  private static void writeStill(ByteBuffer to, ByteBuffer bytes, WebpHeader.Frame frame) {
    Chunk alpha = alpha(frame);
    ByteBuffer out = WebpChunks.in(to);
    out.put(new byte[] {'R', 'I', 'F', 'F'}).putInt(to.limit() - 8);
    out.put(new byte[] {'W', 'E', 'B', 'P'});
    if (alpha != null) {
      out.putInt(WebpChunks.VP8X).putInt(10).putInt(ALPHA_FLAG);
      putMedium(out, frame.width() - 1);
      putMedium(out, frame.height() - 1);
      put(out, bytes, alpha);
    }
    put(out, bytes, frame.pixels());
  }

  private static int padded(Chunk chunk) {
    return 8 + chunk.length() + (chunk.length() & 1);
  }

  private static void put(ByteBuffer out, ByteBuffer bytes, Chunk chunk) {
    out.putInt(chunk.name()).putInt(chunk.length());
    out.put(bytes.slice(chunk.data(), chunk.length()));
    if ((chunk.length() & 1) != 0) {
      out.put((byte) 0); // the memory holds what was in it before
    }
  }

  private static void putMedium(ByteBuffer out, int value) {
    out.putShort((short) value).put((byte) (value >> 16));
  }

  /** Pads with transparency, which is white; without transparency, with black. */
  private static Pixels onCanvas(ByteBuffer rgb, WebpHeader webp) {
    WebpHeader.Frame frame = webp.frame();
    byte[] canvas = Pixels.allocate(webp.width(), webp.height());
    Arrays.fill(canvas, (byte) (webp.alpha() ? 255 : 0));
    for (int y = 0; y < frame.height(); y++) {
      int to = ((frame.y() + y) * webp.width() + frame.x()) * 3;
      rgb.get(y * frame.width() * 3, canvas, to, frame.width() * 3);
    }
    return new Pixels(webp.width(), webp.height(), canvas);
  }
}
