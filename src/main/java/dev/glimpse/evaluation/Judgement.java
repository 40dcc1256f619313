package dev.glimpse.evaluation;

/**
 * Holds what a model said of one labelled image.
 *
 * @param file the image's name
 * @param actual the index of its class
 * @param predicted the index of the best class; of equal scores, the lower
 * @param score of the best class
 * @param probability of its class
 * @param rank of its class, from 1; of equal scores, the lower index is better
 * @param squares the squared distances of all probabilities from 0, and from 1 of its class, added
 * @param sum of the scores of all classes
 * @param nanos how long decoding, preprocessing and inference took
 */
public record Judgement(
    String file,
    int actual,
    int predicted,
    double score,
    double probability,
    int rank,
    double squares,
    double sum,
    long nanos) {

  /** How far from 1 the probabilities of exclusive classes may add up: a graph may use 16 bits. */
  private static final double ROUNDING = 0.01;

  /** Judges the probabilities of all classes. */
  public static Judgement of(String file, int actual, float[] probabilities, long nanos) {
    return of(file, actual, probabilities, probabilities, nanos);
  }

  /**
   * Judges the probabilities of all classes, and ranks the classes as they are served: by their
   * scores before calibration, which may round different scores to equal ones.
   *
   * @param plain the scores before calibration
   */
  public static Judgement of(
      String file, int actual, float[] plain, float[] probabilities, long nanos) {
    int predicted = 0;
    int rank = 1;
    double squares = 0;
    double sum = 0;
    for (int i = 0; i < probabilities.length; i++) {
      double p = probabilities[i];
      sum += p;
      predicted = plain[i] > plain[predicted] ? i : predicted;
      boolean better = plain[i] > plain[actual] || (plain[i] == plain[actual] && i < actual);
      rank += better ? 1 : 0;
      double distance = i == actual ? 1 - p : p;
      squares += distance * distance;
    }
    return new Judgement(
        file,
        actual,
        predicted,
        probabilities[predicted],
        probabilities[actual],
        rank,
        squares,
        sum,
        nanos);
  }

  /** Returns a copy whose image is of another class, with the same score and rank. */
  public Judgement withActual(int other) {
    return new Judgement(file, other, predicted, score, probability, rank, squares, sum, nanos);
  }

  /** Returns a copy with another number in place of the best class's score. */
  public Judgement withScore(double other) {
    return new Judgement(file, actual, predicted, other, probability, rank, squares, sum, nanos);
  }

  /** Returns whether the best class is the right one. */
  public boolean right() {
    return actual == predicted;
  }

  /**
   * Returns whether scores can be those of classes that exclude each other.
   *
   * @param sum of the scores of all classes
   */
  public static boolean isDistribution(double sum) {
    return Math.abs(sum - 1) <= ROUNDING;
  }
}
