package dev.glimpse.explain;

import dev.glimpse.failure.ServingException;
import dev.glimpse.model.Model;
import dev.glimpse.pipeline.ResultOptions;
import dev.glimpse.postprocess.Classification;
import dev.glimpse.postprocess.Labels;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Finds the class that a request asks about, by its place or by one of its labels. */
public final class ClassChoice {

  private static final String CLASS = "class";

  /** No model has as many classes. */
  private static final int MOST_DIGITS = 9;

  private ClassChoice() {}

  /**
   * Finds the class, before the model is run.
   *
   * @param asked its place in the model's output, from 0, or its label, in the model's own words or
   *     in another language of the model
   * @return its place; empty if none was asked for
   * @throws ServingException INVALID_PARAMETER if the model has no such class, or several
   */
  public static Optional<Integer> find(Optional<String> asked, Model model) {
    return asked.map(text -> find(text, model));
  }

  /**
   * Returns a class with its score.
   *
   * @param output the graph's
   * @param scores of all classes
   * @param asked the class's place; empty: the best
   */
  static Classification of(
      ResultOptions options, float[] output, float[] scores, Optional<Integer> asked) {
    if (asked.isEmpty()) {
      return options.best(output, scores).get(0);
    }
    int index = asked.get();
    String label = options.labels().get(index);
    return options.labels().equals(options.names())
        ? new Classification(label, scores[index], index)
        : new Classification(label, options.names().get(index), scores[index], index);
  }

  private static int find(String asked, Model model) {
    Set<Integer> found = labelled(asked, model.labels());
    if (found.size() == 1) {
      return found.iterator().next();
    }
    int count = model.labels().count();
    if (isNumber(asked)) {
      int place = Integer.parseInt(asked);
      if (place < count) {
        return place;
      }
    }
    if (found.size() > 1) {
      throw ServingException.invalid(
          CLASS,
          "is the label of %d classes of \"%s\"; send the index of one of them: %s"
              .formatted(found.size(), model.name(), found));
    }
    throw ServingException.invalid(
        CLASS,
        "must be a label of \"%s\", or an index from 0 to %d".formatted(model.name(), count - 1));
  }

  private static boolean isNumber(String text) {
    return text.length() <= MOST_DIGITS && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static Set<Integer> labelled(String label, Labels labels) {
    Set<Integer> found = new TreeSet<>(places(label, labels.own()));
    if (found.isEmpty()) {
      labels.languages().forEach(language -> found.addAll(places(label, labels.in(language))));
    }
    return found;
  }

  private static Set<Integer> places(String label, List<String> labels) {
    Set<Integer> places = new TreeSet<>();
    for (int i = 0; i < labels.size(); i++) {
      if (labels.get(i).equals(label)) {
        places.add(i);
      }
    }
    return places;
  }
}
