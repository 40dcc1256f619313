package dev.glimpse.postprocess;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.IntToDoubleFunction;

/** Finds the k best classes. */
public final class TopK {

  private record Scored(int index, double score) {}

  /** Best first; of equal scores, the lower index. */
  private static final Comparator<Scored> BEST_FIRST =
      Comparator.comparingDouble((Scored s) -> s.score).reversed().thenComparingInt(s -> s.index);

  private static final int USUAL = 5;

  private TopK() {}

  /** Returns the default number of classes: five, or all if there are fewer. */
  public static int usual(int classes) {
    return Math.min(USUAL, classes);
  }

  /**
   * Picks the best classes and names them.
   *
   * @param probabilities one for each class
   * @param k how many to pick, 1 to the number of classes
   * @param labels one for each class
   * @return k classifications, best first; equal scores in the order of their index
   */
  public static List<Classification> of(float[] probabilities, int k, List<String> labels) {
    return of(probabilities.length, i -> probabilities[i], k).stream()
        .map(i -> new Classification(labels.get(i), probabilities[i], i))
        .toList();
  }

  /**
   * Picks the best classes and labels them in another language than the model's own.
   *
   * @param labels one for each class
   * @param names the model's own labels, one for each class
   */
  public static List<Classification> of(
      float[] probabilities, int k, List<String> labels, List<String> names) {
    return of(probabilities.length, i -> probabilities[i], k).stream()
        .map(i -> new Classification(labels.get(i), names.get(i), probabilities[i], i))
        .toList();
  }

  /**
   * As above, but for the names.
   *
   * @param count how many classes there are
   * @param scores one for each
   * @param k how many to pick, 1 to the number of classes
   * @return the places of the k best
   */
  public static List<Integer> of(int count, IntToDoubleFunction scores, int k) {
    PriorityQueue<Scored> best = new PriorityQueue<>(k, BEST_FIRST.reversed());
    for (int i = 0; i < count; i++) {
      double score = scores.applyAsDouble(i);
      if (best.size() < k) {
        best.add(new Scored(i, score));
      } else if (Double.compare(score, best.element().score) > 0) { // rare after the first classes
        best.remove();
        best.add(new Scored(i, score));
      }
    }
    List<Scored> sorted = new ArrayList<>(best);
    sorted.sort(BEST_FIRST);
    return sorted.stream().map(Scored::index).toList();
  }
}
