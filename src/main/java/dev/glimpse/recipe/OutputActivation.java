package dev.glimpse.recipe;

import dev.glimpse.engine.OutputKind;
import dev.glimpse.engine.TensorSpec;
import dev.glimpse.postprocess.Activation;
import dev.glimpse.repository.ModelFolder;
import java.util.List;
import java.util.Locale;

/**
 * What a graph's output is: probabilities, or what has yet to become them.
 *
 * @param activation what turns it into probabilities
 * @param origin who says so, for people
 */
public record OutputActivation(Activation activation, String origin) {

  /** How far probabilities may be from a sum of 1. */
  private static final double SUM_TOLERANCE = 1e-3;

  /** What Hugging Face's exporter calls an output that has yet to become probabilities. */
  private static final String LOGITS = "logits";

  /**
   * Facts say so: the node that computes the output, and the answers to noise, which sum to 1 every
   * time only if they are probabilities already. Of a single class, softmax would make 1 whatever
   * the answer is, so that is taken for a logit of its own, as transformers' pipeline takes it.
   */
  public static OutputActivation of(
      TensorSpec output, OutputKind kind, boolean multiLabel, List<float[]> answers) {
    if (kind != OutputKind.OTHER) {
      return new OutputActivation(
          Activation.NONE, "graph: its " + kind.name().toLowerCase(Locale.ROOT) + " node");
    }
    if (answers.stream().allMatch(OutputActivation::isDistribution)) {
      return new OutputActivation(Activation.NONE, "graph: its answers are probabilities");
    }
    if (multiLabel) {
      return new OutputActivation(
          Activation.SIGMOID, ModelFolder.CONFIG + ": " + ModelConfig.PROBLEM_TYPE);
    }
    return answers.get(0).length == 1
        ? ofOneClass(output, answers)
        : new OutputActivation(Activation.SOFTMAX, "graph: its answers are no probabilities");
  }

  private static OutputActivation ofOneClass(TensorSpec output, List<float[]> answers) {
    if (output.name().equals(LOGITS)) { // which may well be within 0 and 1 by chance
      return new OutputActivation(
          Activation.SIGMOID, "graph: one class, and an output called logits");
    }
    return answers.stream().allMatch(answer -> answer[0] >= 0 && answer[0] <= 1)
        ? new OutputActivation(
            Activation.NONE, "graph: one class, and its answers are within 0 and 1")
        : new OutputActivation(
            Activation.SIGMOID, "graph: one class, and its answers are not within 0 and 1");
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
