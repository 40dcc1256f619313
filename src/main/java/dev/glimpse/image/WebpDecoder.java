package dev.glimpse.image;

import dev.glimpse.image.WebpChunks.Chunk;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * WebP by libwebp: lossy and lossless, transparency over white, and of an animation the first frame
 * on its canvas. Only to be used where {@link Webp#isAvailable()}.
 */
final class WebpDecoder implements Decoder {

  private static final int ALPHA_FLAG = 0x10;

  @Override
  public Pixels decode(byte[] bytes, ImageHeader header, double scale) throws UnreadableImage {
    WebpHeader webp = WebpHeader.of(bytes);
    WebpHeader.Frame frame = webp.frame();
    if (!WebpChunks.of(bytes).whole()) {
      throw new UnreadableImage("truncated");
    }
    byte[] still = still(bytes, frame);
    int channels = webp.alpha() ? 4 : 3;
    int stride = frame.width() * channels;
    byte[] decoded = new byte[Math.multiplyExact(stride, frame.height())];
    long done =
        webp.alpha()
            ? Webp.WebPDecodeRGBAInto(still, still.length, decoded, decoded.length, stride)
            : Webp.WebPDecodeRGBInto(still, still.length, decoded, decoded.length, stride);
    if (done == 0) {
      throw new UnreadableImage("truncated or corrupt");
    }
    byte[] rgb = webp.alpha() ? overWhite(decoded) : decoded;
    return onCanvas(rgb, webp);
  }

  /** A file of one frame alone, as libwebp's simple interface takes no other. */
  private static byte[] still(byte[] bytes, WebpHeader.Frame frame) {
    Chunk pixels = frame.pixels();
    Chunk alpha =
        pixels.name() == WebpChunks.VP8 ? frame.chunks().first(WebpChunks.ALPH).orElse(null) : null;
    int length = 12 + padded(pixels) + (alpha == null ? 0 : 18 + padded(alpha));
    byte[] still = new byte[length];
    ByteBuffer out = WebpChunks.in(still);
    out.put(new byte[] {'R', 'I', 'F', 'F'}).putInt(length - 8);
    out.put(new byte[] {'W', 'E', 'B', 'P'});
    if (alpha != null) {
      out.putInt(WebpChunks.VP8X).putInt(10).putInt(ALPHA_FLAG);
      putMedium(out, frame.width() - 1);
      putMedium(out, frame.height() - 1);
      put(out, bytes, alpha);
    }
    put(out, bytes, pixels);
    return still;
  }

  private static int padded(Chunk chunk) {
    return 8 + chunk.length() + (chunk.length() & 1);
  }

  private static void put(ByteBuffer out, byte[] bytes, Chunk chunk) {
    out.putInt(chunk.name()).putInt(chunk.length());
    out.put(bytes, chunk.data(), chunk.length());
    out.position(out.position() + (chunk.length() & 1));
  }

  private static void putMedium(ByteBuffer out, int value) {
    out.putShort((short) value).put((byte) (value >> 16));
  }

  private static byte[] overWhite(byte[] rgba) {
    byte[] rgb = new byte[rgba.length / 4 * 3];
    for (int from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
      OverWhite.put(
          rgb,
          to,
          rgba[from] & 0xFF,
          rgba[from + 1] & 0xFF,
          rgba[from + 2] & 0xFF,
          rgba[from + 3] & 0xFF);
    }
    return rgb;
  }

  /** What the frame leaves free is clear, and so white; without transparency it is black. */
  private static Pixels onCanvas(byte[] rgb, WebpHeader webp) {
    WebpHeader.Frame frame = webp.frame();
    if (frame.width() == webp.width() && frame.height() == webp.height()) {
      return new Pixels(webp.width(), webp.height(), rgb);
    }
    byte[] canvas =
        new byte[Math.multiplyExact(Math.multiplyExact(webp.width(), webp.height()), 3)];
    Arrays.fill(canvas, (byte) (webp.alpha() ? 255 : 0));
    for (int y = 0; y < frame.height(); y++) {
      int to = ((frame.y() + y) * webp.width() + frame.x()) * 3;
      System.arraycopy(rgb, y * frame.width() * 3, canvas, to, frame.width() * 3);
    }
    return new Pixels(webp.width(), webp.height(), canvas);
  }
}
