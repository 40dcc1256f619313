package dev.glimpse.pipeline;

import dev.glimpse.postprocess.Activation;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Says what a request asks of its result. For a model, it is resolved to {@link ResultOptions}.
 *
 * @param topK how many classes to return, 1 to the model's number of classes; empty: five, or all
 *     if there are fewer
 * @param clampTopK whether {@code topK} may exceed the number of classes, and all are returned then
 * @param language the language of the labels, one that the model has; empty: the first of {@code
 *     languages} that it has, or else its own
 * @param languages the languages that the client accepts, best first
 * @param activation turns the graph's output into scores; empty: the model's own
 * @param scores the options for scores
 */
public record ClassificationOptions(
    Optional<Integer> topK,
    boolean clampTopK,
    Optional<String> language,
    List<Locale.LanguageRange> languages,
    Optional<Activation> activation,
    ScoreOptions scores) {

  /** Leaves all to the model's files. */
  public static final ClassificationOptions NONE =
      new ClassificationOptions(Optional.empty(), Optional.empty(), List.of(), ScoreOptions.NONE);

  /** Makes options with the model's own activation. */
  public ClassificationOptions(
      Optional<Integer> topK,
      Optional<String> language,
      List<Locale.LanguageRange> languages,
      ScoreOptions scores) {
    this(topK, false, language, languages, Optional.empty(), scores);
  }

  /** Asks for so many classes, and leaves the rest to the model's files. */
  public static ClassificationOptions ofTopK(int topK) {
    return new ClassificationOptions(
        Optional.of(topK), Optional.empty(), List.of(), ScoreOptions.NONE);
  }

  /** Returns the same options with another activation, and {@code topK} clamped. */
  public ClassificationOptions withActivation(Optional<Activation> other) {
    return new ClassificationOptions(topK, true, language, languages, other, scores);
  }
}
