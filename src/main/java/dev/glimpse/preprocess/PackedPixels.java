package dev.glimpse.preprocess;

import dev.glimpse.image.Pixels;
import dev.glimpse.image.Window;
import dev.glimpse.preprocess.Preprocessing.Rgb;

/** Reads an image's pixels packed as in {@link PixelRows}, in colour or grey. */
final class PackedPixels implements PixelColumns {

  private final Pixels source;
  private final boolean grey;
  private final Window window;

  /**
   * Wraps an image; reads nothing yet.
   *
   * @param grey whether pixels are converted to grey
   */
  PackedPixels(Pixels source, boolean grey) {
    this(source, grey, new Window(0, 0, source.width(), source.height()));
  }

  /**
   * Wraps a part of an image as if it were the whole; reads nothing yet.
   *
   * @param window lies inside the image
   */
  PackedPixels(Pixels source, boolean grey, Window window) {
    this.source = source;
    this.grey = grey;
    this.window = window;
  }

  /** Packs a colour, in grey if asked. */
  static int of(Rgb color, boolean grey) {
    int pixel =
        (int) color.red()
            | (int) color.green() << PixelRows.GREEN
            | (int) color.blue() << PixelRows.BLUE;
    return grey ? brightness(pixel) : pixel;
  }

  int width() {
    return window.width();
  }

  int height() {
    return window.height();
  }

  /** Reads {@code length} pixels along a row. */
  void row(int x, int y, int length, int[] out) {
    source.row(window.x() + x, window.y() + y, length, out);
    convert(length, out);
  }

  @Override
  public void column(int x, int y, int length, int[] out) {
    source.column(window.x() + x, window.y() + y, length, out);
    convert(length, out);
  }

  @Override
  public void columns(int x, int y, int length, int[] a, int[] b, int[] c, int[] d) {
    source.columns(window.x() + x, window.y() + y, length, a, b, c, d);
    convert(length, a);
    convert(length, b);
    convert(length, c);
    convert(length, d);
  }

  /** Reads one pixel. */
  int pixel(int x, int y) {
    int pixel = source.pixel(window.x() + x, window.y() + y);
    return grey ? brightness(pixel) : pixel;
  }

  private void convert(int length, int[] pixels) {
    if (grey) {
      for (int i = 0; i < length; i++) {
        pixels[i] = brightness(pixels[i]);
      }
    }
  }

  /**
   * Converts to grey exactly as Pillow's {@code convert("L")}: the weights of ITU-R BT.601 in
   * 65536ths, rounded. The sample takes the place of red; green and blue are 0.
   */
  private static int brightness(int pixel) {
    int red = pixel & 0xFF;
    int green = (pixel >> 8) & 0xFF;
    int blue = pixel >> 16;
    return (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;
  }
}
