package dev.glimpse.pipeline;

import dev.glimpse.digest.Sha256;
import dev.glimpse.failure.ServingException;
import dev.glimpse.model.ImageScores;
import dev.glimpse.model.Model;
import dev.glimpse.postprocess.Activation;
import dev.glimpse.postprocess.ClassGroups;
import dev.glimpse.postprocess.ClassSubset;
import dev.glimpse.postprocess.Classification;
import dev.glimpse.postprocess.DistanceTest;
import dev.glimpse.postprocess.Labels;
import dev.glimpse.postprocess.RankedClasses;
import dev.glimpse.postprocess.ScoreCalibration;
import dev.glimpse.postprocess.Scoring;
import dev.glimpse.postprocess.TopK;
import dev.glimpse.postprocess.Uncertainty;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Says how a model's output becomes a request's result.
 *
 * @param scoring turns the output into scores, and ranks them
 * @param threshold the request's own, in place of those of the model's files: the returned score of
 *     the best class below which it is uncertain, 0 to 1
 * @param distance tells images that are unlike those of the classes
 * @param own whether scores and uncertainty are those that the model's files ask for, so that they
 *     can be compared with those of other requests
 * @param topK how many classes to return
 * @param language of the labels
 * @param labels the labels in that language
 * @param names the model's own labels
 * @param groups of classes
 */
public record ResultOptions(
    Scoring scoring,
    OptionalDouble threshold,
    Optional<DistanceTest> distance,
    boolean own,
    int topK,
    String language,
    List<String> labels,
    List<String> names,
    ClassGroups groups) {

  /**
   * Resolves what a request asks of a model.
   *
   * @throws ServingException INVALID_PARAMETER if the model has fewer classes, or lacks the
   *     language or a label
   */
  public static ResultOptions of(ClassificationOptions options, Model model) {
    Activation activation = activation(options, model);
    Optional<ClassSubset> subset = options.scores().subset(model, activation);
    int topK = topK(options, model, subset);
    String language = language(options, model.labels());
    return new ResultOptions(
        new Scoring(activation, calibration(model, activation), subset),
        options.scores().threshold(),
        model.distance(),
        activation == model.activation() && options.scores().equals(ScoreOptions.NONE),
        topK,
        language,
        model.labels().in(language),
        model.labels().own(),
        model.groups());
  }

  /** Returns what the model's own files ask for, in its own language. */
  public static ResultOptions of(Model model) {
    return of(model, TopK.usual(model.labels().count()));
  }

  /**
   * Returns what the model's own files ask for, in its own language.
   *
   * @param topK how many classes to return, from 1 to the number of classes
   */
  public static ResultOptions of(Model model, int topK) {
    return new ResultOptions(
        new Scoring(model.activation(), model.calibration()),
        OptionalDouble.empty(),
        model.distance(),
        true,
        topK,
        Labels.OWN_LANGUAGE,
        model.labels().in(Labels.OWN_LANGUAGE),
        model.labels().own(),
        model.groups());
  }

  private static Activation activation(ClassificationOptions options, Model model) {
    return model.activation().makesTwo()
        ? model.activation()
        : options.activation().orElse(model.activation());
  }

  /** The model's calibration is for its own activation. */
  private static ScoreCalibration calibration(Model model, Activation activation) {
    return activation == model.activation() ? model.calibration() : ScoreCalibration.NONE;
  }

  /** Returns what turns the graph's output into scores. */
  public Activation activation() {
    return scoring.activation();
  }

  /** Returns the score of each class, by the graph's output. */
  public float[] scores(float[] output) {
    return scoring.scores(output);
  }

  /**
   * Returns what an image shows.
   *
   * @param image what the graph gave for it
   * @param scores made of its output by {@link #scores}
   */
  public RankedClasses answer(ImageScores image, float[] scores) {
    boolean unlike = distance.isPresent() && distance.get().isUnlike(image.vector());
    return answer(
        image.values(),
        scores,
        unlike ? Optional.of(Uncertainty.UNLIKE_TRAINING) : Optional.empty());
  }

  /**
   * Returns what a tensor shows, whose vector is not known.
   *
   * @param output the graph's
   * @param scores made of it by {@link #scores}
   */
  public RankedClasses answer(float[] output, float[] scores) {
    return answer(output, scores, Optional.empty());
  }

  private RankedClasses answer(float[] output, float[] scores, Optional<Uncertainty> unlike) {
    List<Classification> best = best(output, scores);
    return new RankedClasses(
        best,
        unlike.or(() -> uncertainty(best.get(0), output, scores)),
        groups.isEmpty() ? List.of() : groups.scores(scores, scoring::allows, topK));
  }

  private Optional<Uncertainty> uncertainty(Classification best, float[] output, float[] scores) {
    return threshold.isPresent()
        ? ScoreCalibration.ofThreshold(threshold).uncertainty(best.index(), best.score())
        : scoring.calibration().uncertainty(best.index(), scoring.scoresAmongAll(output, scores));
  }

  /**
   * Returns whether the model's files tell whether a best class is to be trusted.
   *
   * @param vector whether the image's vector is known
   */
  boolean judges(boolean vector) {
    return scoring.calibration().hasThresholds() || (vector && distance.isPresent());
  }

  /**
   * Returns the best classes, best first.
   *
   * @param output the graph's
   * @param scores made of it by {@link #scores}
   */
  public List<Classification> best(float[] output, float[] scores) {
    List<Integer> ranked = scoring.ranked(output, scores, topK);
    boolean translated = !labels.equals(names);
    List<Classification> best = new ArrayList<>(ranked.size());
    float above = Float.POSITIVE_INFINITY;
    for (int i : ranked) {
      above = Math.min(above, scores[i]); // calibration may round it above a better one's
      best.add(new Classification(labels.get(i), translated ? names.get(i) : null, above, i));
    }
    return List.copyOf(best);
  }

  /** Names what the answer depends on besides the model, for the key of a cached result. */
  public String key() {
    return own
        ? scoring.activation().name()
        : "%s %s %s"
            .formatted(
                scoring.activation(),
                threshold,
                scoring.subset().map(ResultOptions::key).orElse("all"));
  }

  /** Is as short for a thousand classes as for one. */
  private static String key(ClassSubset subset) {
    String classes = Sha256.hex(subset.classes().toByteArray());
    return subset.renormalized() ? classes + " renormalized" : classes;
  }

  private static int topK(
      ClassificationOptions options, Model model, Optional<ClassSubset> subset) {
    int classes = subset.map(ClassSubset::count).orElse(model.labels().count());
    int requested = options.topK().orElse(TopK.usual(classes));
    int topK = options.clampTopK() ? Math.min(requested, classes) : requested;
    if (topK < 1 || topK > classes) {
      throw ServingException.invalid(
          "top_k",
          subset.isPresent()
              ? "must be from 1 to %d, the number of labels".formatted(classes)
              : "must be from 1 to %d, the number of classes of \"%s\""
                  .formatted(classes, model.name()));
    }
    return topK;
  }

  private static String language(ClassificationOptions options, Labels labels) {
    if (options.language().isEmpty()) {
      return labels.lookup(options.languages()).orElse(Labels.OWN_LANGUAGE);
    }
    return ranges(options.language().get())
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
