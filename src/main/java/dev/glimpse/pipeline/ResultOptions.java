package dev.glimpse.pipeline;

import dev.glimpse.failure.ServingException;
import dev.glimpse.model.Model;
import dev.glimpse.postprocess.Activation;
import dev.glimpse.postprocess.Classification;
import dev.glimpse.postprocess.Labels;
import dev.glimpse.postprocess.TopK;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Says how a model's output becomes a request's result.
 *
 * @param activation turns the output into scores
 * @param topK how many classes to return
 * @param language of the labels
 * @param labels the labels in that language
 * @param names the model's own labels
 */
public record ResultOptions(
    Activation activation, int topK, String language, List<String> labels, List<String> names) {

  /**
   * Resolves what a request asks of a model.
   *
   * @throws ServingException INVALID_PARAMETER if the model has fewer classes, or lacks the
   *     language
   */
  public static ResultOptions of(ClassificationRequest request, Model model) {
    int topK = topK(request, model);
    String language = language(request, model.labels());
    return new ResultOptions(
        model.activation().makesTwo()
            ? model.activation()
            : request.activation().orElse(model.activation()),
        topK,
        language,
        model.labels().in(language),
        model.labels().own());
  }

  /** Returns each class's score, by the graph's output. */
  public float[] scores(float[] output) {
    return activation.apply(output);
  }

  /** Returns the best classes by their scores, best first. */
  public List<Classification> best(float[] scores) {
    return labels.equals(names)
        ? TopK.of(scores, topK, labels)
        : TopK.of(scores, topK, labels, names);
  }

  private static int topK(ClassificationRequest request, Model model) {
    int classes = model.labels().count();
    int requested = request.topK().orElse(TopK.usual(classes));
    int topK = request.clampTopK() ? Math.min(requested, classes) : requested;
    if (topK < 1 || topK > classes) {
      throw ServingException.invalid(
          "top_k",
          "must be from 1 to %d, the number of classes of \"%s\"".formatted(classes, model.name()));
    }
    return topK;
  }

  private static String language(ClassificationRequest request, Labels labels) {
    if (request.language().isEmpty()) {
      return labels.lookup(request.languages()).orElse(Labels.OWN_LANGUAGE);
    }
    return ranges(request.language().get())
        .flatMap(labels::lookup)
        .orElseThrow(() ->
            ServingException.invalid(
                "lang", "must be one of " + String.join(", ", labels.languages())));
  }

  /** Returns what a text asks for; empty if it is no language. */
  private static Optional<List<Locale.LanguageRange>> ranges(String language) {
    try {
      return Optional.of(Locale.LanguageRange.parse(language));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
