package dev.glimpse.simulation;

import dev.glimpse.metrics.ServingMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import java.util.TreeMap;

/** Counts requests as they are counted, also those of versions that are forgotten later. */
final class CountingMetrics extends ServingMetrics {

  private final SimpleMeterRegistry meters;
  private final Map<String, Integer> ended = new TreeMap<>();
  private final Map<String, Integer> byModel = new TreeMap<>();

  CountingMetrics(SimpleMeterRegistry meters) {
    super(meters);
    this.meters = meters;
  }

  @Override
  public void requestEnded(String model, String version, String outcome) {
    ended.merge(outcome, 1, Integer::sum);
    byModel.merge(model, 1, Integer::sum);
    super.requestEnded(model, version, outcome);
  }

  /** Returns how many requests have ended, by their outcome. */
  Map<String, Integer> ended() {
    return ended;
  }

  /** Returns how many requests of a model have ended, whatever their outcome. */
  int ended(String model) {
    return byModel.getOrDefault(model, 0);
  }

  /** Returns the sum of a counter, over all tags but this one. */
  double sum(String meter, String tag, String value) {
    return meters.find(meter).tag(tag, value).counters().stream().mapToDouble(Counter::count).sum();
  }
}
