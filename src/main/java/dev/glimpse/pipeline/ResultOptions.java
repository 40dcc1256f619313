package dev.glimpse.pipeline;

import dev.glimpse.failure.ServingException;
import dev.glimpse.model.Model;
import dev.glimpse.postprocess.Activation;
import dev.glimpse.postprocess.Classification;
import dev.glimpse.postprocess.Labels;
import dev.glimpse.postprocess.TopK;
import java.util.List;
import java.util.Locale;

/** Which classes a question wants named, and in what language. */
public record ResultOptions(Activation activation, int topK, List<String> labels) {

  /**
   * What a question wants of a model.
   *
   * @throws ServingException INVALID_PARAMETER if the model has not as many classes, or not the
   *     language
   */
  public static ResultOptions of(ClassificationRequest question, Model model) {
    int topK = topK(question, model);
    return new ResultOptions(
        activation(question, model), topK, model.labels().in(language(question, model.labels())));
  }

  /** The best classes by the graph's output, the best first. */
  public List<Classification> best(float[] scores) {
    return TopK.of(activation.apply(scores), topK, labels);
  }

  public static Activation activation(ClassificationRequest question, Model model) {
    return question.activation().orElse(model.activation());
  }

  public static int topK(ClassificationRequest question, Model model) {
    int classes = model.labels().count();
    int asked = question.topK().orElse(TopK.usual(classes));
    int topK = question.atMost() ? Math.min(asked, classes) : asked;
    if (topK < 1 || topK > classes) {
      throw ServingException.invalid(
          "top_k",
          "must be from 1 to %d, the number of classes of \"%s\"".formatted(classes, model.name()));
    }
    return topK;
  }

  public static String language(ClassificationRequest question, Labels labels) {
    if (question.language().isEmpty()) {
      return labels.lookup(question.languages()).orElse(Labels.OWN_LANGUAGE);
    }
    return labels
        .lookup(Locale.LanguageRange.parse(question.language().get()))
        .orElseThrow(() ->
            ServingException.invalid(
                "lang", "must be one of " + String.join(", ", labels.languages())));
  }
}
