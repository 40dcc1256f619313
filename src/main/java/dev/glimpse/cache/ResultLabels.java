package dev.glimpse.cache;

import dev.glimpse.postprocess.ClassGroups.Group;
import dev.glimpse.postprocess.Classification;
import dev.glimpse.postprocess.GroupScore;
import java.util.List;

/**
 * Names the classes of a result that was cached without its labels.
 *
 * @param count how many classes a result has
 * @param labels of all classes, in the language of the request
 * @param names the model's own labels
 * @param groups of the model
 */
public record ResultLabels(int count, List<String> labels, List<String> names, List<Group> groups) {

  Classification classification(int index, float score) {
    return labels.equals(names)
        ? new Classification(labels.get(index), score, index)
        : new Classification(labels.get(index), names.get(index), score, index);
  }

  /** Returns how many groups a result has. */
  int groupCount() {
    return Math.min(count, groups.size());
  }

  GroupScore group(int index, float score) {
    return new GroupScore(groups.get(index).label(), score, index);
  }
}
