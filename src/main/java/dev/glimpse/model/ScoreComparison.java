package dev.glimpse.model;

/** Whether a graph answers as it did before, or elsewhere. */
final class ScoreComparison {

  private ScoreComparison() {}

  /**
   * Compares scores.
   *
   * @param expected all scores of one picture
   * @param others holds the scores of one picture or of more
   * @param from where in {@code others} those to compare begin
   * @param tolerance how far a score may be off, as a part of the range of those expected
   * @return false, too, if there are fewer, or one is not a number
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
