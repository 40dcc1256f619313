package dev.glimpse.calibration;

import dev.glimpse.postprocess.Activation;
import dev.glimpse.postprocess.Logits;
import java.util.List;

/**
 * Finds the temperature with the least mean negative log likelihood (NLL) of the right classes (Guo
 * et al., On Calibration of Modern Neural Networks, 2017). The NLL is convex in the inverse of the
 * temperature, so its derivative, which never falls, is bisected.
 */
final class TemperatureFit {

  /** Without mistakes the least NLL is at a temperature of 0. */
  static final double LEAST = 0.05;

  static final double MOST = 20;

  private static final int STEPS = 60;

  private final List<double[]> logits;
  private final int[] actual;

  private TemperatureFit(List<double[]> logits, int[] actual) {
    this.logits = logits;
    this.actual = actual;
  }

  /**
   * Fits the temperature, from {@value #LEAST} to {@value #MOST}.
   *
   * @param activation whose scores are probabilities of classes that exclude each other
   */
  static double of(List<LabeledOutput> images, Activation activation) {
    return new TemperatureFit(
            images.stream().map(image -> logits(activation, image.output())).toList(),
            images.stream().mapToInt(LabeledOutput::actual).toArray())
        .fit();
  }

  /** Returns numbers whose softmax are the probabilities of the classes. */
  static double[] logits(Activation activation, float[] output) {
    double[] logits = Logits.of(activation, output);
    return activation.makesTwo() ? new double[] {0, logits[0]} : logits;
  }

  private double fit() {
    double low = 1 / MOST;
    double high = 1 / LEAST;
    for (int i = 0; i < STEPS; i++) {
      double middle = Math.sqrt(low * high);
      if (derivative(middle) < 0) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return 1 / Math.sqrt(low * high);
  }

  /**
   * Returns the derivative of the NLL, times the number of images: the sum of each image's expected
   * logit less that of its class.
   *
   * @param inverse of the temperature
   */
  private double derivative(double inverse) {
    double sum = 0;
    for (int i = 0; i < actual.length; i++) {
      double[] row = logits.get(i);
      sum += expected(row, inverse) - row[actual[i]];
    }
    return sum;
  }

  private static double expected(double[] logits, double inverse) {
    double largest = Double.NEGATIVE_INFINITY;
    for (double logit : logits) {
      largest = Math.max(largest, logit);
    }
    double weights = 0;
    double sum = 0;
    for (double logit : logits) {
      double weight = Math.exp(inverse * (logit - largest));
      weights += weight;
      sum += weight * logit;
    }
    return sum / weights;
  }
}
