package dev.glimpse.calibration;

import dev.glimpse.evaluation.Calibration;
import dev.glimpse.evaluation.Judgement;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Estimates the calibration error (ECE) that perfect scores would have by chance: of few images,
 * the share that is right is never quite the scores' mean. An ECE near it cannot be improved, or it
 * takes more images to see it.
 */
final class ChanceError {

  private static final int DRAWS = 200;

  private ChanceError() {}

  /**
   * Returns the mean ECE if each image were right with the probability of its score.
   *
   * @param bins for the ECE
   * @param seed the same seed gives the same number
   */
  static double of(List<Judgement> judgements, int bins, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double sum = 0;
    for (int i = 0; i < DRAWS; i++) {
      List<Judgement> drawn =
          judgements.stream().map(one -> drawn(one, random.nextDouble() < one.score())).toList();
      sum += Calibration.of(drawn, bins).expectedError();
    }
    return sum / DRAWS;
  }

  private static Judgement drawn(Judgement one, boolean right) {
    int other = one.predicted() == 0 ? 1 : 0;
    return right ? one.withActual(one.predicted()) : one.withActual(other);
  }
}
