package dev.glimpse.pipeline;

import dev.glimpse.failure.ServingException;
import dev.glimpse.model.Model;
import dev.glimpse.postprocess.Activation;
import dev.glimpse.postprocess.ClassSubset;
import dev.glimpse.postprocess.Labels;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Says what a request asks of scores.
 *
 * @param threshold the score of the best class below which it is uncertain, 0 to 1; empty: as the
 *     model's files say
 * @param labels the only classes that may be returned, by label or index; none: all
 * @param renormalized whether the scores of {@code labels} add up to 1
 */
public record ScoreOptions(OptionalDouble threshold, List<String> labels, boolean renormalized) {

  /** Leaves all to the model's files. */
  public static final ScoreOptions NONE =
      new ScoreOptions(OptionalDouble.empty(), List.of(), false);

  /**
   * Resolves the labels.
   *
   * @param activation that makes the scores
   * @return empty: all classes
   * @throws ServingException INVALID_PARAMETER if the model has no such class, or scores cannot be
   *     renormalized
   */
  Optional<ClassSubset> subset(Model model, Activation activation) {
    if (labels.isEmpty()) {
      if (renormalized) {
        throw ServingException.invalid("renormalize", "must come with labels");
      }
      return Optional.empty();
    }
    if (renormalized && !isExclusive(model, activation)) {
      throw ServingException.invalid(
          "renormalize",
          "must be false: the scores of \"%s\" are independent of each other"
              .formatted(model.name()));
    }
    BitSet classes = new BitSet();
    labels.forEach(label -> classes.set(index(label, model.labels(), model.name())));
    return Optional.of(new ClassSubset(classes, renormalized));
  }

  private static boolean isExclusive(Model model, Activation activation) {
    return activation == model.activation() ? model.exclusive() : activation == Activation.SOFTMAX;
  }

  private static int index(String label, Labels labels, String model) {
    return labels
        .find(label)
        .orElseThrow(() ->
            ServingException.invalid(
                "labels",
                "must name classes of \"%s\" by label or index; \"%s\" matches no class, or several"
                    .formatted(model, label)));
  }
}
