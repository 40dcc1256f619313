package dev.glimpse.postprocess;

import java.util.BitSet;

/**
 * Names the classes that a request allows.
 *
 * @param classes indices of at least one; not to be changed
 * @param renormalized whether their scores add up to 1, as if the model had no other classes
 */
public record ClassSubset(BitSet classes, boolean renormalized) {

  /** Returns how many classes are allowed. */
  public int count() {
    return classes.cardinality();
  }

  /** Leaves an allowed class's logit, and makes it impossible for another to have a probability. */
  float[] masked(float[] logits) {
    float[] masked = logits.clone();
    for (int i = classes.nextClearBit(0); i < masked.length; i = classes.nextClearBit(i + 1)) {
      masked[i] = Float.NEGATIVE_INFINITY;
    }
    return masked;
  }

  /** Divides the allowed classes' scores by their sum, unless that is 0; others get 0. */
  float[] normalized(float[] scores) {
    double sum = 0;
    for (int i = 0; i < scores.length; i++) {
      sum += classes.get(i) ? scores[i] : 0;
    }
    float[] normalized = new float[scores.length];
    for (int i = 0; i < scores.length; i++) {
      normalized[i] = classes.get(i) && sum > 0 ? (float) (scores[i] / sum) : 0;
    }
    return normalized;
  }
}
