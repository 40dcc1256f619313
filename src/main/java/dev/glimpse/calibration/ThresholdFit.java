package dev.glimpse.calibration;

import dev.glimpse.evaluation.Interval;
import dev.glimpse.evaluation.Judgement;
import dev.glimpse.postprocess.ScoreCalibration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Finds the least scores from which on a wanted share of the images is right: one for all classes,
 * and one for each class that is predicted for enough images. As few images may be right by chance,
 * the lower end of the share's interval at 95 % counts.
 *
 * @param threshold for classes without one of their own; {@link ScoreCalibration#ALWAYS_UNCERTAIN}
 *     if no score gives the precision; empty if the images are too few to show it
 * @param classes by index; {@link ScoreCalibration#ALWAYS_UNCERTAIN} where no score gives the
 *     precision
 */
record ThresholdFit(OptionalDouble threshold, Map<Integer, Double> classes) {

  /** For how many images a class has to be predicted to get a threshold of its own, at least. */
  static final int LEAST_IMAGES = 20;

  /**
   * Fits the thresholds.
   *
   * @param precision the wanted share, above 0, below 1
   */
  static ThresholdFit of(List<Judgement> judgements, double precision) {
    long needed = Interval.imagesToShow(precision);
    Map<Integer, Double> classes = new TreeMap<>();
    judgements.stream()
        .collect(Collectors.groupingBy(Judgement::predicted))
        .forEach((index, predicted) -> {
          if (predicted.size() >= Math.max(LEAST_IMAGES, needed)) {
            classes.put(index, leastOrAlways(predicted, precision));
          }
        });
    return new ThresholdFit(
        judgements.size() >= needed
            ? OptionalDouble.of(leastOrAlways(judgements, precision))
            : OptionalDouble.empty(),
        classes);
  }

  private static double leastOrAlways(List<Judgement> judgements, double precision) {
    return least(judgements, precision).orElse(ScoreCalibration.ALWAYS_UNCERTAIN);
  }

  /**
   * Returns the least score such that of the images with it or more the share is right, by the
   * lower end of its interval.
   */
  static OptionalDouble least(List<Judgement> judgements, double precision) {
    List<Judgement> sorted =
        judgements.stream()
            .sorted(Comparator.comparingDouble(Judgement::score).reversed())
            .toList();
    OptionalDouble least = OptionalDouble.empty();
    int right = 0;
    for (int i = 0; i < sorted.size(); i++) {
      right += sorted.get(i).right() ? 1 : 0;
      boolean tied = i + 1 < sorted.size() && sorted.get(i + 1).score() == sorted.get(i).score();
      if (!tied && Interval.wilson(right, i + 1).from() >= precision) {
        least = OptionalDouble.of(sorted.get(i).score());
      }
    }
    return least;
  }
}
