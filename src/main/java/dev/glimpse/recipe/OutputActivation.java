package dev.glimpse.recipe;

import dev.glimpse.engine.OutputKind;
import dev.glimpse.engine.TensorSpec;
import dev.glimpse.postprocess.Activation;
import dev.glimpse.repository.ModelFolder;
import java.util.List;
import java.util.Locale;

/**
 * Determines whether a graph's output holds probabilities, or logits that need an activation.
 *
 * @param activation what turns the output into probabilities
 * @param exclusive whether the probabilities are of classes that exclude each other, so that they
 *     add up to 1; otherwise each class has a probability of its own
 * @param origin the reason for this choice, for people
 */
public record OutputActivation(Activation activation, boolean exclusive, String origin) {

  /** How far probabilities may be from a sum of 1. */
  private static final double SUM_TOLERANCE = 1e-3;

  /** The name that Hugging Face's exporter gives to an output of logits. */
  private static final String LOGITS = "logits";

  /**
   * Chooses the activation by the node that computes the output and by the scores for noise, which
   * always sum to 1 only if they are probabilities already. Softmax of a single class would always
   * be 1, so a single class is treated as an independent logit, as transformers' pipeline does.
   */
  public static OutputActivation of(
      TensorSpec output, OutputKind kind, boolean multiLabel, List<float[]> answers) {
    if (kind != OutputKind.OTHER) {
      return new OutputActivation(
          Activation.NONE,
          kind == OutputKind.SOFTMAX && !multiLabel,
          "graph: its " + kind.name().toLowerCase(Locale.ROOT) + " node");
    }
    if (answers.stream().allMatch(OutputActivation::isDistribution)) {
      return new OutputActivation(
          Activation.NONE, !multiLabel, "graph: its scores are probabilities");
    }
    if (multiLabel) {
      return new OutputActivation(
          Activation.SIGMOID, false, ModelFolder.CONFIG + ": " + ModelConfig.PROBLEM_TYPE);
    }
    return answers.get(0).length == 1
        ? ofOneClass(output, answers)
        : new OutputActivation(Activation.SOFTMAX, true, "graph: its scores are not probabilities");
  }

  /**
   * Returns the same, or for one score and two classes an activation that gives the second class
   * that probability, and the first the rest, as Keras's binary classifiers mean it.
   */
  public OutputActivation forClasses(int classes, int scores) {
    return scores == 1 && classes == 2
        ? new OutputActivation(
            activation == Activation.NONE ? Activation.TWO : Activation.SIGMOID_OF_TWO,
            true,
            origin + ", and two labels")
        : this;
  }

  private static OutputActivation ofOneClass(TensorSpec output, List<float[]> answers) {
    if (output.name().equals(LOGITS)) { // its scores may be within 0 and 1 by chance
      return new OutputActivation(
          Activation.SIGMOID, false, "graph: one class, and an output called logits");
    }
    return answers.stream().allMatch(answer -> answer[0] >= 0 && answer[0] <= 1)
        ? new OutputActivation(
            Activation.NONE, false, "graph: one class, and its scores are within 0 and 1")
        : new OutputActivation(
            Activation.SIGMOID, false, "graph: one class, and its scores are not within 0 and 1");
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
