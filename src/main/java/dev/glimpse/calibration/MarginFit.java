package dev.glimpse.calibration;

import dev.glimpse.evaluation.Judgement;
import dev.glimpse.postprocess.Activation;
import dev.glimpse.postprocess.ScoreCalibration;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Finds by how much the best class's score has to be above the second's, so that a wanted share of
 * such images is right: as {@link ThresholdFit} does for scores.
 */
final class MarginFit {

  private MarginFit() {}

  /**
   * Returns the least margin that gives the precision, by the lower end of the share's interval.
   *
   * @param scores makes the scores
   * @return empty if no margin gives it
   */
  static OptionalDouble least(
      List<LabeledOutput> images,
      Activation activation,
      ScoreCalibration scores,
      double precision) {
    return ThresholdFit.least(
        images.stream().map(image -> judged(image, activation, scores)).toList(), precision);
  }

  /** Judges an image by its margin in place of its score. */
  private static Judgement judged(
      LabeledOutput image, Activation activation, ScoreCalibration scores) {
    Judgement one = image.judge(activation, scores);
    return one.withScore(
        ScoreCalibration.margin(one.predicted(), scores.scores(activation, image.output())));
  }
}
