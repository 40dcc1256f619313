package dev.glimpse.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import org.jspecify.annotations.Nullable;

/** Records what one version of a model predicts. Thread-safe. */
final class PredictionMeters {

  private static final double[] SCORES = {0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99};

  private static final double[] MARGINS = {0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.95};

  private final MeterRegistry registry;
  private final Tags tags;
  private final LabelCounters labels;
  private final DistributionSummary scores;
  private final DistributionSummary margins;

  private volatile @Nullable Counter uncertain;

  /**
   * Registers the meters.
   *
   * @param classes how many the model has
   */
  PredictionMeters(MeterRegistry registry, String model, String version, int classes) {
    this.registry = registry;
    this.tags = Tags.of("model", model, "version", version);
    this.labels = new LabelCounters(classes, this::counter);
    this.scores =
        histogram("glimpse.prediction.score", "Scores of the best classes, from 0 to 1", SCORES);
    this.margins =
        histogram(
            "glimpse.prediction.margin",
            "Scores of the best classes less those of the second, from 0 to 1",
            MARGINS);
  }

  void record(Predicted prediction) {
    labels.count(prediction.label());
    prediction.score().ifPresent(scores::record);
    prediction.margin().ifPresent(margins::record);
    prediction.uncertain().ifPresent(uncertain -> uncertain().increment(uncertain ? 1 : 0));
  }

  /** Returns the counter, which is there from the first prediction on, certain or not. */
  private Counter uncertain() {
    Counter known = uncertain;
    if (known == null) {
      known =
          Counter.builder("glimpse.predictions.uncertain")
              .description("Predictions that the model's own files call uncertain")
              .tags(tags)
              .register(registry);
      uncertain = known;
    }
    return known;
  }

  private Counter counter(String label) {
    return Counter.builder("glimpse.predictions")
        .description("Predictions by model, version and best class")
        .tags(tags)
        .tag("label", label)
        .register(registry);
  }

  private DistributionSummary histogram(String name, String description, double[] buckets) {
    return DistributionSummary.builder(name)
        .description(description)
        .tags(tags)
        .serviceLevelObjectives(buckets)
        .register(registry);
  }
}
