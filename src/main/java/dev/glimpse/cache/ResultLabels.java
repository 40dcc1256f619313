package dev.glimpse.cache;

import dev.glimpse.postprocess.Classification;
import java.util.List;

/**
 * Names the classes of a result that was cached without its labels.
 *
 * @param count how many classes a result has
 * @param labels of all classes, in the language of the request
 * @param names the model's own labels
 */
public record ResultLabels(int count, List<String> labels, List<String> names) {

  boolean has(int index) {
    return index >= 0 && index < labels.size();
  }

  Classification classification(int index, float score) {
    return labels.equals(names)
        ? new Classification(labels.get(index), score, index)
        : new Classification(labels.get(index), names.get(index), score, index);
  }
}
