package dev.glimpse.postprocess;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Says how the graph's output becomes scores that are probabilities of being right, and from which
 * score on a class is certain. Immutable.
 *
 * @param temperature divides the logits (Guo et al., On Calibration of Modern Neural Networks,
 *     2017), above 0; 1 changes nothing. Of scores that are probabilities already, their logarithms
 *     are the logits
 * @param threshold the score of the best class below which it is uncertain, 0 to 1; empty: none is
 * @param classThresholds the same for single classes, by index, in place of {@code threshold}
 */
public record ScoreCalibration(
    double temperature, OptionalDouble threshold, Map<Integer, Double> classThresholds) {

  /** Changes no score, and calls no class uncertain. */
  public static final ScoreCalibration NONE =
      new ScoreCalibration(1, OptionalDouble.empty(), Map.of());

  /** Copies the thresholds. */
  public ScoreCalibration {
    classThresholds = Map.copyOf(classThresholds);
  }

  /** Changes no score, and has one threshold for all classes. */
  public static ScoreCalibration ofThreshold(OptionalDouble threshold) {
    return new ScoreCalibration(1, threshold, Map.of());
  }

  /** Returns the same temperature with one threshold for all classes. */
  public ScoreCalibration withThreshold(OptionalDouble other) {
    return new ScoreCalibration(temperature, other, Map.of());
  }

  /** Returns the same temperature without a threshold. */
  public ScoreCalibration onlyScores() {
    return withThreshold(OptionalDouble.empty());
  }

  /** Returns whether scores differ from those without calibration. */
  public boolean changesScores() {
    return temperature != 1;
  }

  /** Returns whether a class may be uncertain by its score. */
  public boolean hasThresholds() {
    return threshold.isPresent() || !classThresholds.isEmpty();
  }

  /**
   * Returns the probabilities of all classes.
   *
   * @param output the graph's; not changed
   */
  public float[] scores(Activation activation, float[] output) {
    if (!changesScores()) {
      return activation.apply(output);
    }
    return switch (activation) {
      case NONE -> Activation.SOFTMAX.apply(divided(logarithms(output)));
      case TWO -> Activation.SIGMOID_OF_TWO.apply(divided(logits(output)));
      default -> activation.apply(divided(output));
    };
  }

  private float[] divided(float[] logits) {
    float[] divided = new float[logits.length];
    for (int i = 0; i < logits.length; i++) {
      divided[i] = (float) (logits[i] / temperature);
    }
    return divided;
  }

  /** A probability of 0 counts as the least number above it. */
  private static float[] logarithms(float[] probabilities) {
    float[] logarithms = new float[probabilities.length];
    for (int i = 0; i < logarithms.length; i++) {
      logarithms[i] = (float) Math.log(Math.max(probabilities[i], Float.MIN_VALUE));
    }
    return logarithms;
  }

  private static float[] logits(float[] probabilities) {
    float[] logits = new float[probabilities.length];
    for (int i = 0; i < logits.length; i++) {
      double p = Math.min(Math.max(probabilities[i], Float.MIN_VALUE), 1 - 0x1p-24);
      logits[i] = (float) Math.log(p / (1 - p));
    }
    return logits;
  }

  /** Returns why a best class with this score is uncertain; empty if it is not. */
  public Optional<Uncertainty> uncertainty(int index, float score) {
    Double own = classThresholds.get(index);
    if (own != null) {
      return below(score, own) ? Optional.of(Uncertainty.BELOW_CLASS_THRESHOLD) : Optional.empty();
    }
    return threshold.isPresent() && below(score, threshold.getAsDouble())
        ? Optional.of(Uncertainty.LOW_SCORE)
        : Optional.empty();
  }

  /** Scores are floats: 0.7 as a float is less than 0.7 as a double. */
  private static boolean below(float score, double threshold) {
    return score < (float) threshold;
  }
}
