package dev.glimpse.explain;

/** Averages, for each part of an image, the scores of masks by how much of the part they keep. */
final class MaskedScores {

  private final int side;
  private final int width;
  private final int height;
  private final double[] sums;
  private final double[] weights;

  /**
   * Averages nothing yet.
   *
   * @param side how many parts are side by side, and below each other
   * @param width of the masks, in pixels
   * @param height of the masks, in pixels
   */
  MaskedScores(int side, int width, int height) {
    this.side = side;
    this.width = width;
    this.height = height;
    this.sums = new double[side * side];
    this.weights = new double[side * side];
  }

  /**
   * Adds a number for the parts that a mask keeps, or for those that it hides.
   *
   * @param hidden whether for those that it hides
   */
  void add(float[] kept, boolean hidden, double number) {
    for (int row = 0; row < side; row++) {
      int y = (2 * row + 1) * height / (2 * side);
      for (int column = 0; column < side; column++) {
        int x = (2 * column + 1) * width / (2 * side);
        double share = kept[y * width + x];
        double weight = hidden ? 1 - share : share;
        sums[row * side + column] += weight * number;
        weights[row * side + column] += weight;
      }
    }
  }

  /** Returns the averages; 0 for a part that no mask was about. */
  ClassMap map() {
    float[] values = new float[sums.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = weights[i] == 0 ? 0 : (float) (sums[i] / weights[i]);
    }
    return new ClassMap(side, side, values);
  }
}
