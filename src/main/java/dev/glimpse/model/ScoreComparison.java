package dev.glimpse.model;

/** Compares the scores of two runs of a graph. */
final class ScoreComparison {

  private ScoreComparison() {}

  /**
   * Returns whether scores are equal within a tolerance.
   *
   * @param expected all scores of one image
   * @param others the scores of one or more images
   * @param from the index in {@code others} at which the scores to compare begin
   * @param tolerance how far a score may deviate, as a fraction of the range of the expected ones
   * @return false also if there are fewer scores than expected, or one is NaN
   */
  static boolean of(float[] expected, float[] others, int from, double tolerance) {
    if (from + expected.length > others.length) {
      return false;
    }
    float least = Float.MAX_VALUE;
    float most = -Float.MAX_VALUE;
    for (float score : expected) {
      least = Math.min(least, score);
      most = Math.max(most, score);
    }
    for (int i = 0; i < expected.length; i++) {
      if (!(Math.abs(expected[i] - others[from + i]) <= tolerance * (most - least))) {
        return false;
      }
    }
    return true;
  }
}
