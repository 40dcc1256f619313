package dev.glimpse.pipeline;

import dev.glimpse.metrics.Predicted;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.model.Model;
import dev.glimpse.postprocess.Classification;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.OptionalDouble;

/** Records each prediction in the metrics, which show when a model's results drift. */
@Singleton
public final class PredictionRecorder implements PredictionListener {

  private final ServingMetrics metrics;

  public PredictionRecorder(ServingMetrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public void predicted(Prediction prediction) {
    Model model = prediction.model();
    metrics.predicted(
        model.name(),
        model.versionName(),
        new Predicted(
            model.labels().count(),
            label(prediction.best().get(0)),
            prediction.own() ? score(prediction, 0) : OptionalDouble.empty(),
            prediction.own() ? margin(prediction) : OptionalDouble.empty(),
            prediction.own() && prediction.judged()
                ? Optional.of(prediction.uncertainty().isPresent())
                : Optional.empty()));
  }

  private static String label(Classification best) {
    return best.name() == null ? best.label() : best.name();
  }

  private static OptionalDouble score(Prediction prediction, int rank) {
    return OptionalDouble.of(prediction.best().get(rank).score());
  }

  private static OptionalDouble margin(Prediction prediction) {
    double best = prediction.best().get(0).score();
    if (prediction.best().size() > 1) {
      return OptionalDouble.of(best - prediction.best().get(1).score());
    }
    return prediction.scores().length > 1
        ? OptionalDouble.of(best - second(prediction))
        : OptionalDouble.empty();
  }

  /** Finds the second score where the request has asked for the best class only. */
  private static double second(Prediction prediction) {
    float[] scores = prediction.scores();
    int best = prediction.best().get(0).index();
    double second = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < scores.length; i++) {
      if (i != best) {
        second = Math.max(second, scores[i]);
      }
    }
    return second;
  }
}
