package dev.glimpse.image.png;

/**
 * Turns rows of PNG <a href="https://www.w3.org/TR/png-3/#6Colour-values">samples</a> into RGB.
 *
 * <p>Of 16 bits the upper 8 are used, as in Pillow; but 16-bit grey becomes v × 255 / 65535,
 * rounded. Stateless after construction; any thread may use it.
 */
abstract class PngSamples {

  private final int bits;

  /**
   * Reads pixels of this size.
   *
   * @param bits per pixel
   */
  PngSamples(int bits) {
    this.bits = bits;
  }

  /** Returns the bits per pixel. */
  final int bits() {
    return bits;
  }

  /**
   * Turns a row into RGB.
   *
   * @param row one byte that is ignored, the filter's number, then the samples
   * @param rgb receives red, green and blue of each pixel
   * @param at where to begin in {@code rgb}
   * @param width number of pixels
   */
  abstract void toRgb(byte[] row, byte[] rgb, int at, int width);
}
