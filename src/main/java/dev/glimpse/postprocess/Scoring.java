package dev.glimpse.postprocess;

import java.util.List;
import java.util.Optional;

/**
 * Turns a graph's output into the scores of all classes, and ranks them. Calibration changes no
 * class's rank. Immutable.
 *
 * @param subset the classes that may be ranked; empty: all
 */
public record Scoring(
    Activation activation, ScoreCalibration calibration, Optional<ClassSubset> subset) {

  /** Ranks all classes. */
  public Scoring(Activation activation, ScoreCalibration calibration) {
    this(activation, calibration, Optional.empty());
  }

  /**
   * Returns the scores of all classes; those of classes that are not allowed mean nothing.
   *
   * @param output the graph's; not changed
   */
  public float[] scores(float[] output) {
    if (subset.isEmpty() || !subset.get().renormalized()) {
      return calibration.scores(activation, output);
    }
    return activation == Activation.SOFTMAX
        ? calibration.scores(activation, subset.get().masked(output)) // exact for small scores, too
        : subset.get().normalized(calibration.scores(activation, output));
  }

  /**
   * Returns the scores among all classes, by which the model's files judge them: where the scores
   * of some add up to 1, others than theirs.
   *
   * @param output the graph's
   * @param scores made of it by {@link #scores}
   */
  public float[] scoresAmongAll(float[] output, float[] scores) {
    return subset.isPresent() && subset.get().renormalized()
        ? calibration.scores(activation, output)
        : scores;
  }

  /** Returns whether a class may be ranked. */
  public boolean allows(int index) {
    return subset.isEmpty() || subset.get().classes().get(index);
  }

  /**
   * Ranks the classes by their scores before calibration, which rounds differently.
   *
   * @param output the graph's
   * @param scores made of it by {@link #scores}
   * @param k how many, from 1 to the number of allowed classes
   * @return indices, best first; equal scores in the order of their index
   */
  public List<Integer> ranked(float[] output, float[] scores, int k) {
    float[] plain =
        calibration.changesScores()
            ? new Scoring(activation, ScoreCalibration.NONE, subset).scores(output)
            : scores;
    if (subset.isEmpty()) {
      return TopK.of(plain.length, i -> plain[i], k);
    }
    int[] allowed = subset.get().classes().stream().toArray();
    return TopK.of(allowed.length, i -> plain[allowed[i]], k).stream()
        .map(i -> allowed[i])
        .toList();
  }
}
