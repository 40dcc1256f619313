package dev.glimpse.postprocess;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Names groups of classes, such as "dog" for the breeds of dogs. A class may be in several. An
 * image's score for a group is the sum of those of its classes. Immutable.
 *
 * @param groups in the order of the model's file
 */
public record ClassGroups(List<Group> groups) {

  /** Has no groups. */
  public static final ClassGroups NONE = new ClassGroups(List.of());

  private static final Comparator<GroupScore> BEST_FIRST =
      Comparator.comparingDouble((GroupScore group) -> group.score())
          .reversed()
          .thenComparingInt(GroupScore::index);

  /** Copies the list. */
  public ClassGroups {
    groups = List.copyOf(groups);
  }

  /**
   * Names one group.
   *
   * @param classes indices of its classes, each once
   */
  public record Group(String label, List<Integer> classes) {

    /** Copies the list. */
    public Group {
      classes = List.copyOf(classes);
    }
  }

  /** Returns whether the model has no groups. */
  public boolean isEmpty() {
    return groups.isEmpty();
  }

  /**
   * Adds up the scores of each group.
   *
   * @param scores of all classes
   * @param counts tells which classes count
   * @param most how many groups to return
   * @return best first; equal scores in the order of the groups
   */
  public List<GroupScore> scores(float[] scores, IntPredicate counts, int most) {
    List<GroupScore> sums = new ArrayList<>(groups.size());
    for (int i = 0; i < groups.size(); i++) {
      double sum = 0;
      for (int one : groups.get(i).classes()) {
        sum += counts.test(one) ? scores[one] : 0;
      }
      sums.add(new GroupScore(groups.get(i).label(), (float) Math.min(1, sum), i));
    }
    sums.sort(BEST_FIRST);
    return List.copyOf(sums.subList(0, Math.min(most, sums.size())));
  }
}
