package dev.glimpse.image;

/**
 * Decodes the first picture of a <a href="https://www.w3.org/Graphics/GIF/spec-gif89a.txt">GIF</a>,
 * on its screen. What the picture leaves free of it is clear, or of the palette's first colour if
 * no colour is clear, as with Pillow.
 */
final class GifDecoder implements Decoder {

  /** Where each pass of an interlaced picture begins, and how many rows it goes on by. */
  private static final int[][] PASSES = {{0, 8}, {4, 8}, {2, 4}, {1, 2}};

  private static final int[][] ONE_PASS = {{0, 1}};

  @Override
  public long memory(byte[] bytes, ImageHeader header, double scale) {
    return header.pixels() * (1 + Pixels.SAMPLES); // its indices too
  }

  @Override
  public Pixels decode(byte[] bytes, ImageHeader header, double scale) throws UnreadableImage {
    GifFrame frame = GifFrame.read(bytes);
    if (frame.columns() == 0 || frame.rows() == 0) {
      throw new UnreadableImage("corrupt, its first picture has no pixels");
    }
    byte[] indices = new byte[Math.multiplyExact(frame.columns(), frame.rows())];
    new LzwReader(bytes, frame.data()).read(indices);

    int width = header.width();
    int height = header.height();
    byte[] rgb = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
    Palette colours = frame.colours();
    if (indices.length < width * height) {
      int free = Math.max(0, frame.clear());
      for (int at = 0; at < rgb.length; at += 3) {
        colours.copy(free, rgb, at);
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
