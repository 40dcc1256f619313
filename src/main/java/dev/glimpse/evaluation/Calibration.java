package dev.glimpse.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Says how far scores are probabilities: whether, of the images whose best class has a score of
 * 0.8, 80 % are right.
 *
 * @param bins of equal width, those without images left out
 * @param images how many there are
 * @param brier the mean over the images of the squared distances of all probabilities from the
 *     truth, 0 to 2, as scikit-learn's {@code brier_score_loss} of several classes
 * @param logLoss the mean of −ln of the probability of the right class, as scikit-learn's {@code
 *     log_loss}
 */
public record Calibration(List<Bin> bins, int images, double brier, double logLoss) {

  /** A probability of 0 counts as this, the machine epsilon, as in scikit-learn. */
  private static final double LEAST = Math.ulp(1.0);

  /**
   * Holds the images whose best class has a score in an interval.
   *
   * @param from the lower bound, which is not in it
   * @param to the upper bound, which is
   * @param score their mean score
   * @param accuracy the share that is right
   */
  public record Bin(double from, double to, int images, double score, double accuracy) {}

  /**
   * Sorts images into bins of their score, with the bounds of numpy's {@code linspace}.
   *
   * @param bins how many, 1 or more
   */
  public static Calibration of(List<Judgement> judgements, int bins) {
    int[] images = new int[bins];
    int[] right = new int[bins];
    double[] scores = new double[bins];
    for (Judgement one : judgements) {
      int bin = bin(one.score(), bins);
      images[bin]++;
      right[bin] += one.right() ? 1 : 0;
      scores[bin] += one.score();
    }
    List<Bin> used = new ArrayList<>();
    for (int i = 0; i < bins; i++) {
      if (images[i] > 0) {
        used.add(
            new Bin(
                bound(i, bins),
                bound(i + 1, bins),
                images[i],
                scores[i] / images[i],
                (double) right[i] / images[i]));
      }
    }
    return new Calibration(
        used,
        judgements.size(),
        mean(judgements, Judgement::squares),
        mean(judgements, Calibration::loss));
  }

  /** Returns −ln of the probability of the right class. */
  static double loss(Judgement one) {
    return -Math.log(Math.min(1 - LEAST, Math.max(LEAST, one.probability())));
  }

  private static int bin(double score, int bins) {
    int bin = Math.max(0, Math.min(bins - 1, (int) (score * bins)));
    while (bin > 0 && score <= bound(bin, bins)) {
      bin--;
    }
    while (bin < bins - 1 && score > bound(bin + 1, bins)) {
      bin++;
    }
    return bin;
  }

  private static double bound(int number, int bins) {
    return number == bins ? 1 : number * (1.0 / bins);
  }

  static double mean(List<Judgement> judgements, ToDoubleFunction<Judgement> value) {
    return judgements.stream().mapToDouble(value).average().orElse(0);
  }

  /** Returns the expected calibration error: the bins' distances, weighted by their images. */
  public double expectedError() {
    return bins.stream()
            .mapToDouble(bin -> bin.images() * Math.abs(bin.score() - bin.accuracy()))
            .sum()
        / Math.max(1, images);
  }

  /** Returns the largest distance of a bin. */
  public double maximumError() {
    return bins.stream().mapToDouble(bin -> Math.abs(bin.score() - bin.accuracy())).max().orElse(0);
  }
}
