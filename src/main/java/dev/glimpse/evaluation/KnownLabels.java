package dev.glimpse.evaluation;

import dev.glimpse.evaluation.LabeledImages.LabeledImage;
import dev.glimpse.model.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Checks that a model has the classes that images are labelled with. */
public final class KnownLabels {

  private static final int NAMED = 10;

  private KnownLabels() {}

  /**
   * Checks all labels.
   *
   * @throws IllegalArgumentException if the model does not have one, or several classes have it
   */
  public static void require(Model model, List<LabeledImage> images) {
    TreeSet<String> unknown =
        images.stream()
            .map(LabeledImage::label)
            .distinct()
            .filter(label -> model.labels().find(label).isEmpty())
            .collect(Collectors.toCollection(TreeSet::new));
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "%s/%d has no class, or several, for the labels %s; its classes are %s. Name a class by its label or its index."
              .formatted(model.name(), model.version(), some(unknown), some(model.labels().own())));
    }
  }

  private static String some(Iterable<String> names) {
    List<String> some = new ArrayList<>();
    for (String name : names) {
      some.add(some.size() < NAMED ? name : "…");
      if (some.size() > NAMED) {
        break;
      }
    }
    return String.join(", ", some);
  }
}
