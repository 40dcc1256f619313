package dev.glimpse.image.png;

import dev.glimpse.image.UnreadableImage;

/**
 * Chooses how samples become RGB by a PNG's <a
 * href="https://www.w3.org/TR/png-3/#6Colour-values">colour type</a> and bit depth.
 */
final class PngColourTypes {

  private static final int GREY = 0;
  private static final int RGB = 2;
  private static final int PALETTE = 3;
  private static final int GREY_ALPHA = 4;
  private static final int RGB_ALPHA = 6;

  private PngColourTypes() {}

  /**
   * Returns what reads these samples.
   *
   * @throws UnreadableImage if the standard does not allow this depth with this colour type
   */
  static PngSamples samples(PngChunks chunks) throws UnreadableImage {
    int depth = chunks.depth();
    byte[] transparency = chunks.transparency();
    switch (chunks.colourType()) {
      case GREY -> {
        if (depth == 16) {
          return new PngWideGrey(transparency);
        }
        requireDepth(isIndexDepth(depth));
        return PngIndexed.grey(depth, transparency);
      }
      case PALETTE -> {
        requireDepth(isIndexDepth(depth));
        return PngIndexed.palette(depth, chunks.palette(), transparency);
      }
      case RGB -> {
        requireDepth(isWholeBytes(depth));
        return new PngRgb(depth / 8, transparency);
      }
      case GREY_ALPHA -> {
        requireDepth(isWholeBytes(depth));
        return new PngAlpha(depth / 8, 1);
      }
      case RGB_ALPHA -> {
        requireDepth(isWholeBytes(depth));
        return new PngAlpha(depth / 8, 3);
      }
      default -> throw unknown();
    }
  }

  private static boolean isIndexDepth(int depth) {
    return depth == 1 || depth == 2 || depth == 4 || depth == 8;
  }

  private static boolean isWholeBytes(int depth) {
    return depth == 8 || depth == 16;
  }

  private static void requireDepth(boolean allowed) throws UnreadableImage {
    if (!allowed) {
      throw unknown();
    }
  }

  private static UnreadableImage unknown() {
    return new UnreadableImage("corrupt, its pixel format is unknown");
  }
}
