package dev.glimpse.calibration;

import dev.glimpse.evaluation.Judgement;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Finds the least scores from which on a wanted share of the images is right: one for all classes,
 * and one for each class that is said of enough images.
 *
 * @param threshold for classes without one of their own; 1 if no score gives the precision
 * @param classes by index; 1 where no score gives the precision
 */
record ThresholdFit(double threshold, Map<Integer, Double> classes) {

  /** Of how many images a class has to be said to get a threshold of its own. */
  static final int LEAST_IMAGES = 20;

  /** Calls everything uncertain that has a score below 1. */
  private static final double UNREACHED = 1;

  /**
   * Fits the thresholds.
   *
   * @param precision the wanted share, above 0, 1 at most
   */
  static ThresholdFit of(List<Judgement> judgements, double precision) {
    Map<Integer, Double> classes = new TreeMap<>();
    judgements.stream()
        .collect(Collectors.groupingBy(Judgement::predicted))
        .forEach((index, said) -> {
          if (said.size() >= LEAST_IMAGES) {
            classes.put(index, least(said, precision).orElse(UNREACHED));
          }
        });
    return new ThresholdFit(least(judgements, precision).orElse(UNREACHED), classes);
  }

  /** Returns the least score such that of the images with it or more the share is right. */
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
      if (!tied && right >= precision * (i + 1)) {
        least = OptionalDouble.of(sorted.get(i).score());
      }
    }
    return least;
  }
}
