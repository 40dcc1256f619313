package dev.glimpse.evaluation;

import java.util.ArrayList;
import java.util.List;

/**
 * Holds how well one class is recognized; as scikit-learn's {@code classification_report} with
 * {@code zero_division=0}.
 *
 * @param index of the class
 * @param support how many images are of it
 * @param predicted how many images are said to be of it
 * @param right how many images are both
 */
public record ClassScore(int index, int support, int predicted, int right) {

  /** Counts each class that an image is of, or is said to be of; by index. */
  public static List<ClassScore> of(List<Judgement> judgements, int classes) {
    int[] support = new int[classes];
    int[] predicted = new int[classes];
    int[] right = new int[classes];
    for (Judgement one : judgements) {
      support[one.actual()]++;
      predicted[one.predicted()]++;
      right[one.actual()] += one.right() ? 1 : 0;
    }
    List<ClassScore> scores = new ArrayList<>();
    for (int i = 0; i < classes; i++) {
      if (support[i] + predicted[i] > 0) {
        scores.add(new ClassScore(i, support[i], predicted[i], right[i]));
      }
    }
    return scores;
  }

  /** Returns the share of the images said to be of the class that are; 0 without such images. */
  public double precision() {
    return ratio(right, predicted);
  }

  /** Returns the share of the class's images that are recognized; 0 without such images. */
  public double recall() {
    return ratio(right, support);
  }

  /** Returns the harmonic mean of precision and recall. */
  public double f1() {
    return ratio(2.0 * right, support + predicted);
  }

  private static double ratio(double part, int whole) {
    return whole == 0 ? 0 : part / whole;
  }
}
