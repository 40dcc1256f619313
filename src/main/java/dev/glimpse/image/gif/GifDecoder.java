package dev.glimpse.image.gif;

import dev.glimpse.image.ImageHeader;
import dev.glimpse.image.Palette;
import dev.glimpse.image.Pixels;
import dev.glimpse.image.UnreadableImage;

/**
 * Decodes the first frame of a GIF, on its logical screen. What the frame does not cover is
 * transparent, or has the palette's first colour if no colour is transparent, as in Pillow.
 */
final class GifDecoder {

  /** The first row of each pass of an interlaced frame, and the rows from one to the next. */
  private static final int[][] PASSES = {{0, 8}, {4, 8}, {2, 4}, {1, 2}};

  private static final int[][] ONE_PASS = {{0, 1}};

  private GifDecoder() {}

  /**
   * Decodes at full size.
   *
   * @param header with the sides of the screen, within the limits
   * @throws UnreadableImage if the file is truncated or corrupt
   */
  static Pixels decode(byte[] bytes, ImageHeader header) throws UnreadableImage {
    GifFrame frame = GifFrame.read(bytes);
    if (frame.columns() == 0 || frame.rows() == 0) {
      throw new UnreadableImage("corrupt, its first frame has no pixels");
    }
    byte[] indices = new byte[Math.multiplyExact(frame.columns(), frame.rows())];
    new GifLzw(bytes, frame.data()).read(indices);

    int width = header.width();
    int height = header.height();
    byte[] rgb = Pixels.allocate(width, height);
    Palette colours = frame.colours();
    if (indices.length < width * height) {
      int background = Math.max(0, frame.transparent());
      for (int at = 0; at < rgb.length; at += 3) {
        colours.copy(background, rgb, at);
      }
    }
    int from = 0;
    for (int[] pass : frame.interlaced() ? PASSES : ONE_PASS) {
      for (int y = pass[0]; y < frame.rows(); y += pass[1]) {
        int at = ((frame.top() + y) * width + frame.left()) * 3;
        for (int x = 0; x < frame.columns(); x++, at += 3) {
          colours.copy(indices[from++] & 0xFF, rgb, at);
        }
      }
    }
    return new Pixels(width, height, rgb);
  }
}
