package dev.glimpse.events;

import dev.glimpse.image.ImageFacts;
import dev.glimpse.metrics.Timing;
import dev.glimpse.pipeline.Prediction;
import dev.glimpse.postprocess.Activation;
import dev.glimpse.postprocess.Classification;
import dev.glimpse.postprocess.Uncertainty;
import dev.glimpse.tracing.TraceContext;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Holds what events tell of a prediction. Refers to nothing that its model owns, but for labels.
 *
 * @param id of the event, which no other prediction has
 * @param time when it was finished
 * @param requestId of its request, which may have several predictions
 * @param position of the image in the request, from 0
 * @param trace the request's place in a trace; empty if it has none
 * @param protocol the one that the request used
 * @param classes best first, {@value #MOST_CLASSES} at most
 * @param uncertainty why the best class is not to be trusted; empty if it is, or if the model's
 *     files do not tell
 * @param entropy of the scores of all classes, in nats; empty if they do not sum to 1, or are not
 *     known because the result was cached
 * @param image what is known of it; empty for tensors and cached results
 * @param cached whether the image was classified for another request
 */
record LoggedPrediction(
    String id,
    Instant time,
    String requestId,
    int position,
    Optional<TraceContext> trace,
    String protocol,
    String model,
    int version,
    List<Classification> classes,
    Optional<Uncertainty> uncertainty,
    OptionalDouble entropy,
    Optional<ImageFacts> image,
    Timing timing,
    boolean cached) {

  static final int MOST_CLASSES = 10;

  /** What an object with its fields takes, about, and what each class adds to that. */
  private static final int BYTES = 700;

  private static final int BYTES_PER_CLASS = 48;

  /** Takes what events tell of a prediction. Takes some microseconds for a thousand classes. */
  static LoggedPrediction of(String id, Instant time, Prediction prediction) {
    List<Classification> best = prediction.best();
    return new LoggedPrediction(
        id,
        time,
        prediction.requestId(),
        prediction.position(),
        prediction.trace(),
        Protocol.of(prediction.path()),
        prediction.model().name(),
        prediction.model().version(),
        List.copyOf(best.subList(0, Math.min(best.size(), MOST_CLASSES))),
        prediction.uncertainty(),
        entropy(prediction.activation(), prediction.scores()),
        prediction.image(),
        prediction.timing(),
        prediction.cached());
  }

  /** Returns the best score less the second; empty if just one class is known. */
  OptionalDouble margin() {
    return classes.size() < 2
        ? OptionalDouble.empty()
        : OptionalDouble.of(classes.get(0).score() - classes.get(1).score());
  }

  /** Returns how much memory this takes, about, without what it shares with its model. */
  int bytes() {
    int traced = trace.map(known -> known.tracestate().length()).orElse(0);
    return BYTES + requestId.length() + traced + BYTES_PER_CLASS * classes.size();
  }

  private static OptionalDouble entropy(Activation activation, float[] scores) {
    if (scores.length == 0 || activation == Activation.SIGMOID) {
      return OptionalDouble.empty(); // independent probabilities
    }
    double sum = 0;
    double entropy = 0;
    for (float score : scores) {
      if (score > 0) {
        sum += score;
        entropy -= score * Math.log(score);
      }
    }
    boolean probabilities = Math.abs(sum - 1) < 0.01; // a graph may return anything
    return probabilities ? OptionalDouble.of(Math.max(entropy, 0)) : OptionalDouble.empty();
  }
}
