package dev.glimpse.calibration;

import dev.glimpse.postprocess.Activation;
import dev.glimpse.postprocess.ScoreCalibration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Holds what was fitted on one half of the images, and measured on the other.
 *
 * @param choice why the temperature is what it is
 * @param distance the test for images that are unlike those of the classes
 * @param fitted how many images it was fitted on
 * @param heldOut how many it was measured on
 * @param before with what was served without it
 * @param after with it
 * @param chance the ECE that perfect scores would have on so many images; see {@link ChanceError}
 */
public record Fit(
    ScoreCalibration calibration,
    Temperature.Choice choice,
    DistanceOutcome distance,
    int fitted,
    int heldOut,
    Measure before,
    Measure after,
    double chance) {

  /** Temperatures in the file have as many digits as mean anything. */
  private static final double ROUNDING = 1e4;

  /**
   * Says what a fit aims at.
   *
   * @param precision the share of the certain answers that is to be right, above 0, below 1
   * @param bins for the ECE
   * @param seed decides which images are in which half
   */
  public record Targets(double precision, int bins, long seed) {}

  /** Fits a temperature and thresholds, and no distance test. */
  static Fit of(
      List<LabeledOutput> images, Activation activation, ScoreCalibration served, Targets targets) {
    Halves<LabeledOutput> halves = Halves.of(images, LabeledOutput::actual, targets.seed());
    return of(halves, activation, served, targets, DistanceOutcome.NOT_ASKED_FOR);
  }

  /**
   * Fits a temperature and thresholds.
   *
   * @param activation whose scores are probabilities of classes that exclude each other
   * @param served what the model's other files make of the output, to compare with
   * @param distance what was fitted to the same halves
   */
  static Fit of(
      Halves<LabeledOutput> halves,
      Activation activation,
      ScoreCalibration served,
      Targets targets,
      DistanceOutcome distance) {
    Temperature temperature = temperature(halves, activation, targets.bins());
    ScoreCalibration scores = onlyTemperature(temperature.value());
    ScoreCalibration calibration = certain(halves.fitted(), activation, scores, targets);
    return new Fit(
        calibration,
        temperature.choice(),
        distance,
        halves.fitted().size(),
        halves.heldOut().size(),
        Measure.of(halves.heldOut(), activation, served, Optional.empty(), targets.bins()),
        Measure.of(
            halves.heldOut(),
            activation,
            calibration,
            distance.kept().map(DistanceFit::test),
            targets.bins()),
        ChanceError.of(
            Measure.judged(halves.heldOut(), activation, calibration),
            targets.bins(),
            targets.seed()));
  }

  /** Adds what says when a class is uncertain: thresholds, or a margin that keeps more images. */
  private static ScoreCalibration certain(
      List<LabeledOutput> images, Activation activation, ScoreCalibration scores, Targets targets) {
    double precision = targets.precision();
    ThresholdFit fit = ThresholdFit.of(Measure.judged(images, activation, scores), precision);
    ScoreCalibration thresholds =
        new ScoreCalibration(scores.temperature(), fit.threshold(), fit.classes());
    ScoreCalibration margin =
        new ScoreCalibration(
            scores.temperature(),
            OptionalDouble.empty(),
            Map.of(),
            MarginFit.least(images, activation, scores, precision));
    return fit.threshold().isPresent()
            && margin.margin().isPresent()
            && certain(images, activation, margin) > certain(images, activation, thresholds)
        ? margin
        : thresholds;
  }

  private static long certain(
      List<LabeledOutput> images, Activation activation, ScoreCalibration calibration) {
    return images.stream().filter(image -> image.isCertain(activation, calibration)).count();
  }

  private static Temperature temperature(
      Halves<LabeledOutput> halves, Activation activation, int bins) {
    double best = TemperatureFit.of(halves.fitted(), activation);
    if (Temperature.isAtBound(best)) {
      return Temperature.unchanged(Temperature.Choice.AT_BOUND);
    }
    double rounded = Math.round(best * ROUNDING) / ROUNDING;
    return logLoss(halves.heldOut(), activation, onlyTemperature(rounded), bins)
            < logLoss(halves.heldOut(), activation, ScoreCalibration.NONE, bins)
        ? new Temperature(rounded, Temperature.Choice.FITTED)
        : Temperature.unchanged(Temperature.Choice.NO_HELP);
  }

  private static double logLoss(
      List<LabeledOutput> images, Activation activation, ScoreCalibration scores, int bins) {
    return Measure.of(images, activation, scores, Optional.empty(), bins).logLoss();
  }

  private static ScoreCalibration onlyTemperature(double temperature) {
    return new ScoreCalibration(temperature, OptionalDouble.empty(), Map.of());
  }
}
