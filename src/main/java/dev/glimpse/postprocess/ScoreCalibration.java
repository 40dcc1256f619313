package dev.glimpse.postprocess;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Says how the graph's output becomes scores that are probabilities of being right, and from which
 * score on a class is certain. Immutable.
 *
 * @param temperature divides the logits (Guo et al., On Calibration of Modern Neural Networks,
 *     2017), above 0; 1 changes nothing
 * @param threshold the score of the best class below which it is uncertain, 0 to 1, or {@link
 *     #ALWAYS_UNCERTAIN}; empty: none is
 * @param classThresholds the same for single classes, by index, in place of {@code threshold}
 * @param margin by how much the best class's score has to be above the second's, or it is
 *     uncertain, 0 to 1, or {@link #ALWAYS_UNCERTAIN}; empty: by nothing
 */
public record ScoreCalibration(
    double temperature,
    OptionalDouble threshold,
    Map<Integer, Double> classThresholds,
    OptionalDouble margin) {

  /** Calls every score uncertain, as it is above all of them. */
  public static final double ALWAYS_UNCERTAIN = 2;

  /** Changes no score, and calls no class uncertain. */
  public static final ScoreCalibration NONE =
      new ScoreCalibration(1, OptionalDouble.empty(), Map.of());

  /** Copies the thresholds. */
  public ScoreCalibration {
    classThresholds = Map.copyOf(classThresholds);
  }

  /** Asks for no margin. */
  public ScoreCalibration(
      double temperature, OptionalDouble threshold, Map<Integer, Double> classThresholds) {
    this(temperature, threshold, classThresholds, OptionalDouble.empty());
  }

  /** Changes no score, and has one threshold for all classes. */
  public static ScoreCalibration ofThreshold(OptionalDouble threshold) {
    return new ScoreCalibration(1, threshold, Map.of());
  }

  /** Returns the same with another threshold for all classes, if it has none and no margin. */
  public ScoreCalibration orThreshold(OptionalDouble other) {
    return threshold.isPresent() || margin.isPresent()
        ? this
        : new ScoreCalibration(temperature, other, classThresholds);
  }

  /** Returns whether scores differ from those without calibration. */
  public boolean changesScores() {
    return temperature != 1;
  }

  /** Returns whether a class may be uncertain by its score. */
  public boolean hasThresholds() {
    return threshold.isPresent() || !classThresholds.isEmpty() || margin.isPresent();
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
    float[] divided = divided(Logits.of(activation, output));
    return switch (activation) {
      case NONE -> Activation.SOFTMAX.apply(divided);
      case TWO -> Activation.SIGMOID_OF_TWO.apply(divided);
      default -> activation.apply(divided);
    };
  }

  private float[] divided(double[] logits) {
    float[] divided = new float[logits.length];
    for (int i = 0; i < logits.length; i++) {
      divided[i] = (float) (logits[i] / temperature);
    }
    return divided;
  }

  /**
   * Returns why the best class is uncertain; empty if it is not.
   *
   * @param scores of all classes
   */
  public Optional<Uncertainty> uncertainty(int best, float[] scores) {
    return uncertainty(best, scores[best]).or(() -> marginUncertainty(margin(best, scores)));
  }

  private Optional<Uncertainty> marginUncertainty(float above) {
    return margin.isPresent() && below(above, margin.getAsDouble())
        ? Optional.of(Uncertainty.SMALL_MARGIN)
        : Optional.empty();
  }

  /** Returns how much a class's score is above the best of the others; 0 if it is alone. */
  public static float margin(int index, float[] scores) {
    float second = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < scores.length; i++) {
      if (scores[i] > second && i != index) {
        second = scores[i];
      }
    }
    return scores.length == 1 ? 0 : scores[index] - second;
  }

  /** Returns why a best class with this score is uncertain by it alone; empty if it is not. */
  public Optional<Uncertainty> uncertainty(int index, float score) {
    Double own = classThresholds.get(index);
    if (own != null) {
      return below(score, own) ? Optional.of(Uncertainty.BELOW_CLASS_THRESHOLD) : Optional.empty();
    }
    return threshold.isPresent() && below(score, threshold.getAsDouble())
        ? Optional.of(Uncertainty.LOW_SCORE)
        : Optional.empty();
  }

  /** Scores are floats: 0.7 as a float is less than 0.7 as a double. NaN is below everything. */
  private static boolean below(float score, double threshold) {
    return !(score >= (float) threshold);
  }
}
