package dev.glimpse.postprocess;

/** Finds the logits of a graph's output: numbers of which an activation makes its scores. */
public final class Logits {

  /** How near to 0 and to 1 a probability of two comes: floats below 1 are so far from it. */
  private static final double LEAST = 0x1p-24;

  private Logits() {}

  /**
   * Returns one logit for each class, or, where the activation makes the scores of two classes from
   * one number, that of the second: the first has a logit of 0. Of probabilities of several
   * classes, their logarithms are the logits; a probability of 0 counts as the least float above
   * it.
   *
   * @param output the graph's; not changed
   */
  public static double[] of(Activation activation, float[] output) {
    double[] logits = new double[output.length];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = logit(activation, output[i]);
    }
    return logits;
  }

  private static double logit(Activation activation, float output) {
    return switch (activation) {
      case NONE -> Math.log(Math.max(output, Float.MIN_VALUE));
      case TWO -> {
        double p = Math.min(Math.max(output, LEAST), 1 - LEAST);
        yield Math.log(p / (1 - p));
      }
      default -> output;
    };
  }
}
