package dev.glimpse.evaluation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * Compares two models on the images that both have classified.
 *
 * @param images how many there are
 * @param onlyFirst how many only the first has right
 * @param onlySecond how many only the second has right
 * @param both how many both have right
 * @param top1 the first's share of right images less the second's
 * @param top1Interval its interval, by a paired bootstrap
 * @param logLoss the first's log loss less the second's
 * @param logLossInterval its interval, by the same bootstrap
 */
public record Comparison(
    int images,
    int onlyFirst,
    int onlySecond,
    int both,
    double top1,
    Interval top1Interval,
    double logLoss,
    Interval logLossInterval) {

  private static final double SIGNIFICANT = 0.05;

  /**
   * Compares two evaluations of the same images.
   *
   * @param resamples how many times the images are drawn anew, with replacement
   * @param seed the same seed gives the same intervals
   */
  public static Comparison of(Evaluation first, Evaluation second, int resamples, long seed) {
    Map<String, Judgement> others = new HashMap<>();
    second.judgements().forEach(one -> others.put(one.file(), one));
    List<Judgement> mine =
        first.judgements().stream().filter(one -> others.containsKey(one.file())).toList();
    List<Judgement> theirs = mine.stream().map(one -> others.get(one.file())).toList();
    double[] right = differences(mine, theirs, one -> one.right() ? 1 : 0);
    double[] loss = differences(mine, theirs, Calibration::loss);
    double[][] means = resample(right, loss, resamples, new SplittableRandom(seed));
    return new Comparison(
        mine.size(),
        count(right, 1),
        count(right, -1),
        (int) first(mine, theirs),
        mean(right),
        Interval.percentiles(means[0]),
        mean(loss),
        Interval.percentiles(means[1]));
  }

  private static long first(List<Judgement> mine, List<Judgement> theirs) {
    long both = 0;
    for (int i = 0; i < mine.size(); i++) {
      both += mine.get(i).right() && theirs.get(i).right() ? 1 : 0;
    }
    return both;
  }

  private static double[] differences(
      List<Judgement> mine, List<Judgement> theirs, ToDoubleFunction<Judgement> value) {
    double[] differences = new double[mine.size()];
    for (int i = 0; i < differences.length; i++) {
      differences[i] = value.applyAsDouble(mine.get(i)) - value.applyAsDouble(theirs.get(i));
    }
    return differences;
  }

  private static double[][] resample(
      double[] right, double[] loss, int resamples, SplittableRandom random) {
    double[][] means = new double[2][resamples];
    int images = right.length;
    for (int i = 0; i < resamples && images > 0; i++) {
      double sumOfRight = 0;
      double sumOfLoss = 0;
      for (int j = 0; j < images; j++) {
        int drawn = random.nextInt(images);
        sumOfRight += right[drawn];
        sumOfLoss += loss[drawn];
      }
      means[0][i] = sumOfRight / images;
      means[1][i] = sumOfLoss / images;
    }
    return means;
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return values.length == 0 ? 0 : sum / values.length;
  }

  private static int count(double[] values, double wanted) {
    int count = 0;
    for (double value : values) {
      count += value == wanted ? 1 : 0;
    }
    return count;
  }

  /**
   * Returns the probability of so uneven a split of the images on which the two differ if both were
   * equally good: McNemar's exact test, two-sided.
   */
  public double mcNemar() {
    int differing = onlyFirst + onlySecond;
    double logOfHalf = -differing * Math.log(2);
    double logOfChoices = 0; // of differing over 0
    double tail = 0;
    for (int i = 0; i <= Math.min(onlyFirst, onlySecond); i++) {
      tail += Math.exp(logOfChoices + logOfHalf);
      logOfChoices += Math.log(differing - i) - Math.log(i + 1);
    }
    return Math.min(1, 2 * tail);
  }

  /** Returns whether the shares of right images differ more than chance explains. */
  public boolean significant() {
    return mcNemar() < SIGNIFICANT && top1Interval.excludesZero();
  }
}
