package dev.glimpse.calibration;

import dev.glimpse.evaluation.Calibration;
import dev.glimpse.evaluation.Judgement;
import dev.glimpse.postprocess.Activation;
import dev.glimpse.postprocess.DistanceTest;
import dev.glimpse.postprocess.ScoreCalibration;
import java.util.List;
import java.util.Optional;

/**
 * Holds how good scores are, on images that nothing was fitted on.
 *
 * @param expectedError the expected calibration error (ECE) of the best class, 0 to 1
 * @param logLoss the mean negative log likelihood of the right class
 * @param accuracy the share of the images whose best class is right
 * @param kept the share of the images whose best class is certain
 * @param accuracyOfKept the share of those that is right; 0 if there are none
 */
public record Measure(
    double expectedError, double logLoss, double accuracy, double kept, double accuracyOfKept) {

  /**
   * Measures scores.
   *
   * @param calibration makes them, and says which are uncertain
   * @param distance also says which are uncertain
   * @param bins for the ECE
   */
  static Measure of(
      List<LabeledOutput> images,
      Activation activation,
      ScoreCalibration calibration,
      Optional<DistanceTest> distance,
      int bins) {
    List<Judgement> judgements = judged(images, activation, calibration);
    List<Judgement> kept =
        judged(
            images.stream()
                .filter(image -> image.isCertain(activation, calibration))
                .filter(image -> distance.isEmpty() || !distance.get().isUnlike(image.vector()))
                .toList(),
            activation,
            calibration);
    Calibration measured = Calibration.of(judgements, bins);
    return new Measure(
        measured.expectedError(),
        measured.logLoss(),
        accuracy(judgements),
        (double) kept.size() / Math.max(1, judgements.size()),
        accuracy(kept));
  }

  /** Judges the calibrated scores of all images. */
  static List<Judgement> judged(
      List<LabeledOutput> images, Activation activation, ScoreCalibration calibration) {
    return images.stream().map(image -> image.judge(activation, calibration)).toList();
  }

  private static double accuracy(List<Judgement> judgements) {
    return (double) judgements.stream().filter(Judgement::right).count()
        / Math.max(1, judgements.size());
  }
}
