package dev.glimpse.postprocess;

/**
 * Tells images that are unlike those of the classes, by the vector that enters a classifier's last
 * linear layer: by the Mahalanobis distance to the nearest class with a covariance that all classes
 * share (Lee et al., A Simple Unified Framework for Detecting Out-of-Distribution Samples, 2018),
 * of vectors of length 1 (Müller and Hein, Mahalanobis++, 2025). The covariance is that of
 * probabilistic principal components: a few directions have a variance each, and all others the
 * same one. Immutable; any number of threads may use it.
 *
 * @param tensor names the vector in the graph
 * @param mean of all vectors
 * @param basis directions of length 1 at right angles to each other, each as long as the mean
 * @param variances along each direction, above 0
 * @param residual the variance in every other direction, above 0
 * @param centres of the classes, by the directions, less the mean; one of zeros if classes had too
 *     few images
 * @param threshold the distance above which an image is unlike those of the classes
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record DistanceTest(
    String tensor,
    float[] mean,
    float[][] basis,
    float[] variances,
    float residual,
    float[][] centres,
    double threshold) {

  /** Returns the same test with another threshold. */
  public DistanceTest withThreshold(double other) {
    return new DistanceTest(tensor, mean, basis, variances, residual, centres, other);
  }

  /** Returns how many numbers a vector has. */
  public int dimensions() {
    return mean.length;
  }

  /**
   * Returns whether an image is unlike those of the classes.
   *
   * @param vector of {@link #dimensions} numbers; one with NaN is unlike all others
   */
  public boolean isUnlike(float[] vector) {
    return !(distance(vector) <= threshold);
  }

  /**
   * Returns the distance to the nearest class, in standard deviations: about the square root of
   * {@link #dimensions} for images like those that the test was fitted to.
   *
   * @param vector of {@link #dimensions} numbers
   */
  public double distance(float[] vector) {
    if (vector.length != mean.length) {
      throw new IllegalArgumentException(
          "a vector of %d numbers where the test has %d".formatted(vector.length, mean.length));
    }
    double[] centred = centred(vector);
    double[] along = new double[basis.length];
    double left = dot(centred, centred);
    for (int i = 0; i < along.length; i++) {
      along[i] = dot(basis[i], centred);
      left -= along[i] * along[i];
    }
    return Math.sqrt(nearest(along) + Math.max(0, left) / residual);
  }

  private double[] centred(float[] vector) {
    double[] centred = unit(vector);
    for (int i = 0; i < centred.length; i++) {
      centred[i] -= mean[i];
    }
    return centred;
  }

  /** Returns a vector divided by its length (L2); one of zeros as it is. */
  public static double[] unit(float[] vector) {
    double squares = 0;
    for (float value : vector) {
      squares += (double) value * value;
    }
    double length = squares == 0 ? 1 : Math.sqrt(squares);
    double[] unit = new double[vector.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = vector[i] / length;
    }
    return unit;
  }

  private double nearest(double[] along) {
    double least = Double.POSITIVE_INFINITY;
    for (float[] centre : centres) {
      double sum = 0;
      for (int i = 0; i < along.length; i++) {
        double away = along[i] - centre[i];
        sum += away * away / variances[i];
      }
      least = Math.min(least, sum);
    }
    return least;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double dot(float[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
