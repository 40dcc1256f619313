package dev.glimpse.evaluation;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** Holds means over the classes that occur, as scikit-learn's averages "macro" and "weighted". */
record Averages(double precision, double recall, double f1) {

  /** Weighs each class alike. */
  static Averages macro(List<ClassScore> scores) {
    return of(scores, score -> 1);
  }

  /** Weighs each class by its images. */
  static Averages weighted(List<ClassScore> scores) {
    return of(scores, ClassScore::support);
  }

  private static Averages of(List<ClassScore> scores, ToDoubleFunction<ClassScore> weight) {
    return new Averages(
        mean(scores, ClassScore::precision, weight),
        mean(scores, ClassScore::recall, weight),
        mean(scores, ClassScore::f1, weight));
  }

  private static double mean(
      List<ClassScore> scores,
      ToDoubleFunction<ClassScore> value,
      ToDoubleFunction<ClassScore> weight) {
    double sum = 0;
    double weights = 0;
    for (ClassScore score : scores) {
      sum += weight.applyAsDouble(score) * value.applyAsDouble(score);
      weights += weight.applyAsDouble(score);
    }
    return weights == 0 ? 0 : sum / weights;
  }
}
