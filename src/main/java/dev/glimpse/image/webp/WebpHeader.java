package dev.glimpse.image.webp;

import dev.glimpse.image.ImageHeader;
import dev.glimpse.image.Orientation;
import dev.glimpse.image.webp.WebpChunks.Chunk;
import java.nio.ByteBuffer;

/**
 * Holds the header of a WebP file.
 *
 * @param width of the image in pixels; of an animation, of its canvas
 * @param height of the image in pixels; of an animation, of its canvas
 * @param alpha whether the image has transparency that is used
 * @param exif whether its EXIF chunk is used
 * @param frame its only frame, or the first
 */
record WebpHeader(int width, int height, boolean alpha, boolean exif, Frame frame) {

  private static final int ANIMATION_FLAG = 0x02;
  private static final int EXIF_FLAG = 0x08;
  private static final int ALPHA_FLAG = 0x10;
  private static final int ANMF_HEADER = 16;

  /**
   * Holds one frame on the canvas.
   *
   * @param x its first column on the canvas
   * @param y its first row on the canvas
   * @param width in pixels
   * @param height in pixels
   * @param pixels its chunk of pixels
   * @param chunks all its chunks
   */
  record Frame(int x, int y, int width, int height, Chunk pixels, WebpChunks chunks) {}

  /**
   * Reads the header. Sides come from the chunk of pixels, not from the container.
   *
   * @throws IndexOutOfBoundsException if it ends too early
   * @throws IllegalArgumentException if it contradicts itself
   */
  static WebpHeader of(ByteBuffer bytes) {
    WebpChunks chunks = WebpChunks.of(bytes);
    ByteBuffer in = WebpChunks.in(bytes);
    Chunk extended = chunks.first(WebpChunks.VP8X).orElse(null);
    if (extended == null) {
      Frame frame = frame(in, chunks, 0, 0);
      return new WebpHeader(frame.width, frame.height, lossless(in, frame), false, frame);
    }
    int flags = in.get(extended.data());
    boolean alpha = (flags & ALPHA_FLAG) != 0;
    boolean exif = (flags & EXIF_FLAG) != 0;
    int width = medium(in, extended.data() + 4) + 1;
    int height = medium(in, extended.data() + 7) + 1;
    Frame frame;
    if ((flags & ANIMATION_FLAG) != 0) {
      Chunk first = chunks.first(WebpChunks.ANMF).orElseThrow(IndexOutOfBoundsException::new);
      int at = first.data();
      WebpChunks inside = WebpChunks.of(bytes, at + ANMF_HEADER, at + first.length());
      frame = frame(in, inside, 2 * medium(in, at), 2 * medium(in, at + 3));
      if (frame.width != medium(in, at + 6) + 1 || frame.height != medium(in, at + 9) + 1) {
        throw new IllegalArgumentException("The first frame's size differs from its pixels' size");
      }
    } else {
      frame = frame(in, chunks, 0, 0);
      if (frame.width != width || frame.height != height) {
        throw new IllegalArgumentException("The image's size differs from its pixels' size");
      }
    }
    if (frame.x + frame.width > width || frame.y + frame.height > height) {
      throw new IllegalArgumentException("The first frame reaches beyond the canvas");
    }
    return new WebpHeader(width, height, alpha, exif, frame);
  }

  /** Tells whether the frame covers the whole canvas. */
  boolean fillsCanvas() {
    return frame.width == width && frame.height == height;
  }

  /** Reads the sides and the orientation. */
  static ImageHeader read(ByteBuffer bytes) {
    WebpHeader header = of(bytes);
    Orientation orientation =
        header.exif
            ? WebpChunks.of(bytes)
                .first(WebpChunks.EXIF)
                .map(chunk ->
                    Orientation.ofChunk(
                        bytes.slice(chunk.data(), chunk.length()), Orientation.UPRIGHT))
                .orElse(Orientation.UPRIGHT)
            : Orientation.UPRIGHT;
    return new ImageHeader(header.width, header.height, orientation);
  }

  private static Frame frame(ByteBuffer in, WebpChunks chunks, int x, int y) {
    Chunk pixels = chunks.pixels().orElseThrow(IndexOutOfBoundsException::new);
    int at = pixels.data();
    if (pixels.length() < 10) {
      throw new IndexOutOfBoundsException("The pixels' chunk is too short");
    }
    if (pixels.name() == WebpChunks.VP8L) {
      int size = in.getInt(at + 1); // 14 bits each, less one
      return new Frame(x, y, (size & 0x3FFF) + 1, ((size >>> 14) & 0x3FFF) + 1, pixels, chunks);
    }
    int width = in.getShort(at + 6) & 0x3FFF; // the two bits above are a scale for display
    int height = in.getShort(at + 8) & 0x3FFF;
    return new Frame(x, y, width, height, pixels, chunks);
  }

  /** Tells whether the frame is lossless and declares alpha. */
  private static boolean lossless(ByteBuffer in, Frame frame) {
    return frame.pixels.name() == WebpChunks.VP8L
        && (in.getInt(frame.pixels.data() + 1) & (1 << 28)) != 0;
  }

  private static int medium(ByteBuffer in, int at) {
    return Short.toUnsignedInt(in.getShort(at)) | ((in.get(at + 2) & 0xFF) << 16);
  }
}
