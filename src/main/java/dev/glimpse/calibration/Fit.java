package dev.glimpse.calibration;

import dev.glimpse.evaluation.Judgement;
import dev.glimpse.postprocess.Activation;
import dev.glimpse.postprocess.ScoreCalibration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * Holds what was fitted on one half of the images, and measured on the other.
 *
 * @param fitted how many images it was fitted on
 * @param held how many it was measured on
 * @param before without calibration
 * @param after with it
 * @param chance the ECE that perfect scores would have on so many images; see {@link ChanceError}
 */
public record Fit(
    ScoreCalibration calibration,
    int fitted,
    int held,
    Measure before,
    Measure after,
    double chance) {

  /** Figures in the file have as many digits as mean anything. */
  private static final double ROUNDING = 1e4;

  /** What is wanted of a fit. */
  public record Wishes(double precision, int bins, long seed) {}

  /**
   * Fits a temperature and thresholds.
   *
   * @param activation whose scores are probabilities of classes that exclude each other
   */
  static Fit of(List<LabeledOutput> images, Activation activation, Wishes wishes) {
    Halves<LabeledOutput> halves = Halves.of(images, LabeledOutput::actual, wishes.seed());
    double temperature = rounded(TemperatureFit.of(halves.fitted(), activation));
    ScoreCalibration scores = new ScoreCalibration(temperature, OptionalDouble.empty(), Map.of());
    ThresholdFit thresholds =
        ThresholdFit.of(judged(halves.fitted(), activation, scores), wishes.precision());
    ScoreCalibration calibration =
        new ScoreCalibration(
            temperature, OptionalDouble.of(down(thresholds.threshold())), down(thresholds));
    List<Judgement> after = judged(halves.held(), activation, calibration);
    return new Fit(
        calibration,
        halves.fitted().size(),
        halves.held().size(),
        Measure.of(
            judged(halves.held(), activation, ScoreCalibration.NONE),
            ScoreCalibration.NONE,
            wishes.bins()),
        Measure.of(after, calibration, wishes.bins()),
        ChanceError.of(after, wishes.bins(), wishes.seed()));
  }

  private static List<Judgement> judged(
      List<LabeledOutput> images, Activation activation, ScoreCalibration calibration) {
    return images.stream().map(image -> image.judge(activation, calibration)).toList();
  }

  private static Map<Integer, Double> down(ThresholdFit thresholds) {
    Map<Integer, Double> down = new TreeMap<>();
    thresholds.classes().forEach((index, score) -> down.put(index, down(score)));
    return down;
  }

  /** Keeps the image whose score the threshold is. */
  private static double down(double score) {
    return Math.floor(score * ROUNDING) / ROUNDING;
  }

  private static double rounded(double value) {
    return Math.round(value * ROUNDING) / ROUNDING;
  }
}
