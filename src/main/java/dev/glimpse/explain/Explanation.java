package dev.glimpse.explain;

import dev.glimpse.postprocess.Classification;
import dev.glimpse.preprocess.View;
import java.util.List;

/**
 * Says which parts of an image a class's score comes from.
 *
 * @param explained the class with its score
 * @param best the best classes, best first
 * @param method that was used, not {@link Method#AUTO}
 * @param runs how often the graph ran on the image
 * @param map of what the model saw
 * @param view what it saw of the image
 * @param times how long the steps took
 */
public record Explanation(
    Classification explained,
    List<Classification> best,
    Method method,
    int runs,
    ClassMap map,
    View view,
    Times times) {

  /**
   * Holds how long the steps took, in nanoseconds.
   *
   * @param decode decoding the image
   * @param preprocess computing the tensor
   * @param inference all runs of the graph
   */
  public record Times(long decode, long preprocess, long inference) {}
}
