package dev.glimpse.explain;

/**
 * Holds a number for each part of what a model saw of an image: the larger, the more it speaks for
 * the class. The parts are equal rectangles.
 *
 * @param width how many parts are side by side, 1 or more
 * @param height how many parts are below each other, 1 or more
 * @param values row by row from the top left; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ClassMap(int width, int height, float[] values) {

  /**
   * Returns the number at a point, interpolated bilinearly between the centres of the parts.
   *
   * @param x 0 at the left edge of what the model saw, 1 at the right one
   * @param y 0 at the top edge, 1 at the bottom one
   */
  double at(double x, double y) {
    double column = clamp(x * width - 0.5, width - 1);
    double row = clamp(y * height - 0.5, height - 1);
    int left = (int) column;
    int top = (int) row;
    int right = Math.min(left + 1, width - 1);
    int bottom = Math.min(top + 1, height - 1);
    double upper = between(value(left, top), value(right, top), column - left);
    double lower = between(value(left, bottom), value(right, bottom), column - left);
    return between(upper, lower, row - top);
  }

  /** Returns the map of what speaks against the class. */
  ClassMap negated() {
    float[] negated = new float[values.length];
    for (int i = 0; i < negated.length; i++) {
      negated[i] = -values[i];
    }
    return new ClassMap(width, height, negated);
  }

  private static double clamp(double value, int most) {
    return Math.min(Math.max(value, 0), most);
  }

  private static double between(double from, double to, double share) {
    return from + (to - from) * share;
  }

  private double value(int column, int row) {
    return values[row * width + column];
  }
}
