package dev.glimpse;

import dev.glimpse.failure.ServingException;
import dev.glimpse.model.Model;
import dev.glimpse.postprocess.Activation;
import dev.glimpse.postprocess.Classification;
import dev.glimpse.postprocess.Labels;
import dev.glimpse.postprocess.TopK;
import java.util.List;
import java.util.Locale;

/** Which classes a question wants named, and in what language. */
record Naming(Activation activation, int topK, List<String> labels) {

  /**
   * What a question wants of a model.
   *
   * @throws ServingException INVALID_PARAMETER if the model has not as many classes, or not the
   *     language
   */
  static Naming of(Question question, Model model) {
    int topK = topK(question, model);
    return new Naming(
        activation(question, model), topK, model.labels().in(language(question, model.labels())));
  }

  /** The best classes by the graph's output, the best first. */
  List<Classification> best(float[] scores) {
    return TopK.of(activation.apply(scores), topK, labels);
  }

  static Activation activation(Question question, Model model) {
    return question.activation().orElse(model.activation());
  }

  static int topK(Question question, Model model) {
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

  static String language(Question question, Labels labels) {
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
