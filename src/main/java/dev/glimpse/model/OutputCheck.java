package dev.glimpse.model;

import dev.glimpse.engine.OutputKind;
import dev.glimpse.postprocess.Activation;
import java.util.List;

/** What a graph's output is: probabilities, or what has yet to become them. */
final class OutputCheck {

  /** How far probabilities may be from a sum of 1. */
  private static final double SUM_TOLERANCE = 1e-3;

  private OutputCheck() {}

  /**
   * What turns the output into probabilities. Two facts say so: the node that computes the output,
   * and the answers to noise, which sum to 1 every time only if they are probabilities already.
   */
  static Activation activation(OutputKind kind, boolean multiLabel, List<float[]> answers) {
    if (kind != OutputKind.OTHER || answers.stream().allMatch(OutputCheck::isDistribution)) {
      return Activation.NONE;
    }
    return multiLabel ? Activation.SIGMOID : Activation.SOFTMAX;
  }

  private static boolean isDistribution(float[] answer) {
    double sum = 0;
    for (float value : answer) {
      if (!(value >= 0)) {
        return false;
      }
      sum += value;
    }
    return Math.abs(sum - 1) < SUM_TOLERANCE;
  }
}
