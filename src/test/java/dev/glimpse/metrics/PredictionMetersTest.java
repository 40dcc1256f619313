package dev.glimpse.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.distribution.pause.PauseDetector;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
            5, "daisy", OptionalDouble.empty(), OptionalDouble.empty(), Optional.empty()));
    metrics.predicted(
        "m",
        "1",
        new Predicted(
            5, "daisy", OptionalDouble.of(0.1), OptionalDouble.empty(), Optional.empty()));

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

  /** The first request of a version adds meters at the very moment at which it is forgotten. */
  @ParameterizedTest
  @EnumSource(Recorded.class)
  void metersThatAreAddedWhileAVersionGoesGoWithIt(Recorded recorded) {
    Interrupted between = new Interrupted();
    ServingMetrics raced = new ServingMetrics(between);
    between.beforeFirst = () -> raced.forget("m", "1");
    recorded.by(raced);

    assertThat(between.beforeFirst).as("a meter was made").isNull();
    assertThat(between.getMeters()).isEmpty();
    raced.remember("m", "1");
    recorded.by(raced);
    assertThat(between.getMeters()).as("the version is back").isNotEmpty();
  }

  private enum Recorded {
    REQUEST(metrics -> metrics.requestEnded("m", "1", "failed")),
    EXPLANATION(metrics -> metrics.explained("cam", "m", "1", 1)),
    STEP(metrics -> metrics.took(ServingMetrics.Step.QUEUE, "m", "1", 1)),
    PREDICTION(metrics -> metrics.predicted("m", "1", predicted("daisy", 0.5, 0.4)));

    private final Consumer<ServingMetrics> record;

    Recorded(Consumer<ServingMetrics> record) {
      this.record = record;
    }

    private void by(ServingMetrics metrics) {
      record.accept(metrics);
    }
  }

  /** Does something before its first meter is made. */
  private static final class Interrupted extends SimpleMeterRegistry {

    private Runnable beforeFirst;

    private void interrupt() {
      Runnable now = beforeFirst;
      beforeFirst = null;
      if (now != null) {
        now.run();
      }
    }

    @Override
    protected Counter newCounter(Meter.Id id) {
      interrupt();
      return super.newCounter(id);
    }

    @Override
    protected Timer newTimer(
        Meter.Id id, DistributionStatisticConfig config, PauseDetector pauses) {
      interrupt();
      return super.newTimer(id, config, pauses);
    }
  }

  private void predict(String label, double score, double margin) {
    metrics.predicted("m", "1", predicted(label, score, margin));
  }

  private static Predicted predicted(String label, double score, double margin) {
    return new Predicted(
        5, label, OptionalDouble.of(score), OptionalDouble.of(margin), Optional.of(score < 0.7));
  }

  private DistributionSummary summary(String name) {
    return registry.get(name).summary();
  }
}
