package dev.glimpse.pipeline;

import dev.glimpse.metrics.Timing;
import dev.glimpse.model.Model;
import dev.glimpse.postprocess.Classification;
import dev.glimpse.postprocess.RankedClasses;
import java.util.List;
import java.util.Optional;

/**
 * Says what an image shows.
 *
 * @param model the model that classified it
 * @param version the model's version
 * @param answer what it shows
 * @param timing how long each step took
 * @param cached whether the image was classified for another request
 * @param language of the labels; empty if the model has them in one language only
 */
public record ClassificationResult(
    String model,
    int version,
    RankedClasses answer,
    Timing timing,
    boolean cached,
    Optional<String> language) {

  /** Creates a result of a model with labels in one language. */
  public ClassificationResult(
      String model, int version, RankedClasses answer, Timing timing, boolean cached) {
    this(model, version, answer, timing, cached, Optional.empty());
  }

  /**
   * Returns the result of a request whose answer was known.
   *
   * @param context its model must be set
   */
  static ClassificationResult cached(RankedClasses answer, RequestContext context) {
    Model model = context.model();
    return new ClassificationResult(
        model.name(), model.version(), answer, context.timer().cached(), true);
  }

  /** Returns the best classes, best first. */
  public List<Classification> classifications() {
    return answer.best();
  }

  /** Returns the same result with the language of its labels. */
  public ClassificationResult withLanguage(String language) {
    return new ClassificationResult(model, version, answer, timing, cached, Optional.of(language));
  }
}
