package dev.glimpse.pipeline;

import dev.glimpse.image.ImageFacts;
import dev.glimpse.metrics.Timing;
import dev.glimpse.model.ImageScores;
import dev.glimpse.model.Model;
import dev.glimpse.postprocess.Activation;
import dev.glimpse.postprocess.Classification;
import dev.glimpse.postprocess.RankedClasses;
import dev.glimpse.postprocess.Uncertainty;
import dev.glimpse.tracing.TraceContext;
import java.util.List;
import java.util.Optional;

/**
 * Describes a finished prediction: the classes of one image, or of one row of a tensor. Immutable;
 * what its model owns must not be used after the call that received it, but for names and labels.
 *
 * @param requestId the id of the request, which may have several predictions
 * @param path that the request was sent to, without the query, such as {@code /predict}
 * @param position the image's or row's place in the request, from 0
 * @param trace the request's place in a trace; empty if it has none
 * @param model the model that classified it
 * @param activation what turned the graph's output into scores: the model's own, unless the request
 *     asked for another
 * @param own whether scores and uncertainty are those that the model's files ask for, so that they
 *     can be compared with those of other requests
 * @param best the best classes, best first, at least one: as many as were asked for, or the usual
 *     number where the protocol has none
 * @param uncertainty why the best class is not to be trusted; empty if it is, or if the model's
 *     files do not tell
 * @param judged whether the model's files tell whether the best class is to be trusted: by its
 *     scores, or by a distance test of images whose vector is known
 * @param scores of all classes, in the model's order; not to be changed; none if cached
 * @param image what its file says of it; empty if it was not decoded: a tensor, or a cached result;
 *     or if its vector was asked for, too
 * @param timing how long each step took; of tensors the request's, and only queue, inference, total
 * @param cached whether the image was classified for another request
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Prediction(
    String requestId,
    String path,
    int position,
    Optional<TraceContext> trace,
    Model model,
    Activation activation,
    boolean own,
    List<Classification> best,
    Optional<Uncertainty> uncertainty,
    boolean judged,
    float[] scores,
    Optional<ImageFacts> image,
    Timing timing,
    boolean cached) {

  private static final float[] NONE = {};

  /** Describes an image that was classified. */
  public static Prediction of(
      RequestContext context,
      ResultOptions options,
      RankedClasses answer,
      float[] scores,
      ImageScores output,
      Timing timing) {
    return in(
        context,
        context.position(),
        options,
        new Scored(answer, options.judges(true), scores, output.image()),
        timing,
        false);
  }

  /** Describes an image whose result was known. */
  public static Prediction cached(
      RequestContext context, ResultOptions options, ClassificationResult result) {
    return in(
        context,
        context.position(),
        options,
        new Scored(result.answer(), options.judges(true), NONE, Optional.empty()),
        result.timing(),
        true);
  }

  /**
   * Describes one of several rows of a request's tensor, or an image of which only the graph's
   * output is known.
   *
   * @param position its place in the request, from 0
   * @param output the graph's, for it
   */
  public static Prediction ofOutput(
      RequestContext context, int position, float[] output, Timing timing) {
    ResultOptions options = ResultOptions.of(context.model());
    float[] scores = options.scores(output);
    RankedClasses answer = options.answer(output, scores);
    return in(
        context,
        position,
        options,
        new Scored(answer, options.judges(false), scores, Optional.empty()),
        timing,
        false);
  }

  /**
   * Describes one of several images of a request, of which the graph's output is all that is
   * returned.
   *
   * @param position its place in the request, from 0
   */
  public static Prediction ofImage(
      RequestContext context, int position, ImageScores output, Timing timing) {
    ResultOptions options = ResultOptions.of(context.model());
    float[] scores = options.scores(output.values());
    RankedClasses answer = options.answer(output, scores);
    return in(
        context,
        position,
        options,
        new Scored(answer, options.judges(true), scores, output.image()),
        timing,
        false);
  }

  /** What differs between images of a request. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Scored(
      RankedClasses answer, boolean judged, float[] scores, Optional<ImageFacts> image) {}

  private static Prediction in(
      RequestContext context,
      int position,
      ResultOptions options,
      Scored scored,
      Timing timing,
      boolean cached) {
    return new Prediction(
        context.id(),
        context.path(),
        position,
        Optional.ofNullable(context.trace().context()),
        context.model(),
        options.activation(),
        options.own(),
        scored.answer.best(),
        scored.answer.uncertainty(),
        scored.judged,
        scored.scores,
        scored.image,
        timing,
        cached);
  }
}
