package dev.glimpse.image;

/**
 * Turns a row of PNG <a href="https://www.w3.org/TR/png-3/#6Colour-values">samples</a> into RGB.
 *
 * <p>Of 16 bits the upper 8 are taken, as Pillow does; but 16-bit grey becomes v × 255 / 65535,
 * rounded.
 */
abstract class PngSamples {

  private final int bits;

  PngSamples(int bits) {
    this.bits = bits;
  }

  /** Chooses by the header. */
  static PngSamples of(PngChunks chunks) throws UnreadableImage {
    int depth = chunks.depth();
    boolean wide = depth == 16;
    if (chunks.colourType() == 0 && wide) {
      return new PngWideGrey(chunks.transparency());
    }
    if (chunks.colourType() == 0 && (depth == 1 || depth == 2 || depth == 4 || depth == 8)) {
      return PngIndexed.grey(depth, chunks.transparency());
    }
    if (chunks.colourType() == 3 && (depth == 1 || depth == 2 || depth == 4 || depth == 8)) {
      return PngIndexed.palette(depth, chunks.palette(), chunks.transparency());
    }
    if (depth == 8 || wide) {
      int bytes = depth / 8;
      switch (chunks.colourType()) {
        case 2 -> {
          return new PngRgb(bytes, chunks.transparency());
        }
        case 4 -> {
          return new PngAlpha(bytes, 1);
        }
        case 6 -> {
          return new PngAlpha(bytes, 3);
        }
        default -> {}
      }
    }
    throw new UnreadableImage("corrupt, it has a kind of pixels that is not known");
  }

  /** Bits a pixel. */
  final int bits() {
    return bits;
  }

  /**
   * Turns a row into RGB.
   *
   * @param row one byte that does not matter, then the samples
   * @param rgb where to write
   * @param at where to begin
   * @param width how many pixels
   */
  abstract void toRgb(byte[] row, byte[] rgb, int at, int width);
}
