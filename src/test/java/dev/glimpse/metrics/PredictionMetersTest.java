package dev.glimpse.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class PredictionMetersTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final ServingMetrics metrics = new ServingMetrics(registry);

  @Test
  void predictionsAreCountedByLabel() {
    predict("daisy", 0.9, 0.8);
    predict("daisy", 0.9, 0.8);
    predict("roses", 0.4, 0.1);

    assertThat(registry.get("glimpse.predictions").tags("label", "daisy").counter().count())
        .isEqualTo(2);
    assertThat(registry.get("glimpse.predictions").tags("label", "roses").counter().count())
        .isEqualTo(1);
  }

  @Test
  void scoresAndMarginsAreHistograms() {
    predict("daisy", 0.9, 0.8);
    predict("roses", 0.4, 0.1);

    assertThat(summary("glimpse.prediction.score").count()).isEqualTo(2);
    assertThat(summary("glimpse.prediction.score").totalAmount()).isCloseTo(1.3, within(1e-9));
    assertThat(summary("glimpse.prediction.margin").totalAmount()).isCloseTo(0.9, within(1e-9));
    assertThat(summary("glimpse.prediction.score").takeSnapshot().histogramCounts())
        .extracting(CountAtBucket::bucket)
        .containsExactly(0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99);
  }

  @Test
  void uncertainAreThoseBelowTheModelsOwnScore() {
    predict("daisy", 0.7, 0.6);
    assertThat(registry.get("glimpse.predictions.uncertain").counter().count()).isZero();
    predict("daisy", 0.69, 0.6);
    assertThat(registry.get("glimpse.predictions.uncertain").counter().count()).isEqualTo(1);
  }

  @Test
  void whatIsNotKnownIsNotRecorded() {
    metrics.predicted(
        "m",
        "1",
        new Predicted(
            5, "daisy", OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.of(0.7)));
    metrics.predicted(
        "m",
        "1",
        new Predicted(
            5, "daisy", OptionalDouble.of(0.1), OptionalDouble.empty(), OptionalDouble.empty()));

    assertThat(summary("glimpse.prediction.score").count()).isEqualTo(1);
    assertThat(summary("glimpse.prediction.margin").count()).isZero();
    assertThat(registry.find("glimpse.predictions.uncertain").counter()).isNull();
    assertThat(registry.get("glimpse.predictions").counter().count()).isEqualTo(2);
  }

  @Test
  void metersOfAVersionGoWithIt() {
    predict("daisy", 0.5, 0.4);
    metrics.predicted("m", "2", predicted("daisy", 0.5, 0.4));

    metrics.forget("m", "1");
    predict("daisy", 0.5, 0.4); // a request that was still running

    assertThat(registry.getMeters())
        .extracting(Meter::getId)
        .extracting(id -> id.getTag("version"))
        .isNotEmpty()
        .containsOnly("2");
  }

  @Test
  void versionThatComesBackIsCountedAnew() {
    predict("daisy", 0.5, 0.4);
    metrics.forget("m", "1");
    metrics.remember("m", "1");
    predict("roses", 0.5, 0.4);

    assertThat(registry.get("glimpse.predictions").counters()).hasSize(1);
    assertThat(registry.get("glimpse.predictions").tags("label", "roses").counter().count())
        .isEqualTo(1);
  }

  private void predict(String label, double score, double margin) {
    metrics.predicted("m", "1", predicted(label, score, margin));
  }

  private static Predicted predicted(String label, double score, double margin) {
    return new Predicted(
        5, label, OptionalDouble.of(score), OptionalDouble.of(margin), OptionalDouble.of(0.7));
  }

  private DistributionSummary summary(String name) {
    return registry.get(name).summary();
  }
}
