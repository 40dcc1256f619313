package dev.glimpse.postprocess;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** The k best classes. */
public final class TopK {

  private record Scored(int index, float score) {}

  /** Best first; of equal scores, the lower index. */
  private static final Comparator<Scored> BEST_FIRST =
      Comparator.comparingDouble((Scored s) -> s.score).reversed().thenComparingInt(s -> s.index);

  private static final int USUAL = 5;

  private TopK() {}

  /** How many are picked if nobody says: five, or all if there are fewer. */
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
    PriorityQueue<Scored> best = new PriorityQueue<>(k + 1, BEST_FIRST.reversed());
    for (int i = 0; i < probabilities.length; i++) {
      best.add(new Scored(i, probabilities[i]));
      if (best.size() > k) {
        best.remove();
      }
    }
    List<Scored> sorted = new ArrayList<>(best);
    sorted.sort(BEST_FIRST);
    return sorted.stream()
        .map(s -> new Classification(labels.get(s.index), s.score, s.index))
        .toList();
  }
}
