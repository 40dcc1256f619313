package dev.glimpse.image;

/** Measures how bright an image is, by some of its pixels. */
final class Brightness {

  /** Along each side, so that the cost does not grow with the image. */
  private static final int MOST_SAMPLES = 32;

  private static final double RED = 0.299;
  private static final double GREEN = 0.587;
  private static final double BLUE = 0.114;

  private static final int WHITE = 255;

  private Brightness() {}

  /**
   * Returns the mean luma (ITU-R BT.601) of up to 32×32 pixels, spread evenly over the image.
   *
   * @return from 0, black, to 1, white
   */
  static double of(Pixels pixels) {
    int columns = Math.min(pixels.width(), MOST_SAMPLES);
    int rows = Math.min(pixels.height(), MOST_SAMPLES);
    double sum = 0;
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        sum +=
            luma(
                pixels.pixel(
                    middle(column, columns, pixels.width()), middle(row, rows, pixels.height())));
      }
    }
    return sum / (rows * columns) / WHITE;
  }

  /** Returns the middle of one of as many equal parts of a side. */
  private static int middle(int part, int parts, int length) {
    return (int) ((2L * part + 1) * length / (2L * parts));
  }

  private static double luma(int packed) {
    return RED * (packed & 0xFF) + GREEN * (packed >> 8 & 0xFF) + BLUE * (packed >> 16 & 0xFF);
  }
}
