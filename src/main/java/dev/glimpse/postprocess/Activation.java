package dev.glimpse.postprocess;

/** Turns a graph's output into probabilities. */
public enum Activation {
  /** One class of many: probabilities that sum to 1. */
  SOFTMAX {
    @Override
    public float[] apply(float[] scores) {
      // Minus the largest, so that no exponential overflows; the result is the same.
      float largest = Float.NEGATIVE_INFINITY;
      for (float score : scores) {
        largest = Math.max(largest, score);
      }
      double sum = 0;
      double[] exponentials = new double[scores.length];
      for (int i = 0; i < scores.length; i++) {
        exponentials[i] = Math.exp(scores[i] - largest);
        sum += exponentials[i];
      }
      float[] probabilities = new float[scores.length];
      for (int i = 0; i < scores.length; i++) {
        probabilities[i] = (float) (exponentials[i] / sum);
      }
      return probabilities;
    }
  },

  /** Any number of classes: an independent probability for each. */
  SIGMOID {
    @Override
    public float[] apply(float[] scores) {
      float[] probabilities = new float[scores.length];
      for (int i = 0; i < scores.length; i++) {
        probabilities[i] = (float) (1 / (1 + Math.exp(-scores[i])));
      }
      return probabilities;
    }
  },

  /** One logit for two classes: that of the second. */
  SIGMOID_OF_TWO {
    @Override
    public float[] apply(float[] scores) {
      return TWO.apply(SIGMOID.apply(scores));
    }
  },

  /** One probability for two classes: that of the second. */
  TWO {
    @Override
    public float[] apply(float[] scores) {
      return new float[] {1 - scores[0], scores[0]};
    }
  },

  /** The graph's output already holds probabilities. */
  NONE {
    @Override
    public float[] apply(float[] scores) {
      return scores;
    }
  };

  /** Returns whether it makes the probabilities of two classes from one score. */
  public boolean makesTwo() {
    return this == TWO || this == SIGMOID_OF_TWO;
  }

  /**
   * Converts scores to probabilities.
   *
   * @param scores one for each class, or one for two classes; not changed
   * @return one probability for each class, 0 to 1
   */
  public abstract float[] apply(float[] scores);
}
