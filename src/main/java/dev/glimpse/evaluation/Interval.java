package dev.glimpse.evaluation;

import java.util.Arrays;

/** Holds a confidence interval at 95 %. */
public record Interval(double from, double to) {

  /** The 97.5th percentile of the normal distribution. */
  private static final double Z = 1.959963984540054;

  private static final double LOWER = 0.025;

  /**
   * Returns the interval of a share, by <a
   * href="https://doi.org/10.1080/01621459.1927.10502953">Wilson's formula</a>.
   */
  public static Interval wilson(int part, int whole) {
    if (whole == 0) {
      return new Interval(0, 1);
    }
    double share = (double) part / whole;
    double square = Z * Z / whole;
    double middle = share + square / 2;
    double half = Z * Math.sqrt(share * (1 - share) / whole + square / whole / 4);
    return new Interval( // rounding could lead beyond a share
        Math.max(0, (middle - half) / (1 + square)), Math.min(1, (middle + half) / (1 + square)));
  }

  /**
   * Returns how many images, if all are right, show that a share is: the least number with Wilson's
   * interval from it on.
   *
   * @param share 0 to 1, without 1
   */
  public static long imagesToShow(double share) {
    return (long) Math.ceil(Z * Z * share / (1 - share));
  }

  /**
   * Returns the interval of percentiles, interpolated as numpy's {@code percentile}; sorts them.
   */
  static Interval percentiles(double[] values) {
    Arrays.sort(values);
    return new Interval(percentile(values, LOWER), percentile(values, 1 - LOWER));
  }

  private static double percentile(double[] sorted, double share) {
    double at = share * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }

  /** Returns the interval in another unit. */
  Interval times(double factor) {
    return new Interval(from * factor, to * factor);
  }

  /** Returns whether 0 is outside. */
  boolean excludesZero() {
    return from > 0 || to < 0;
  }
}
