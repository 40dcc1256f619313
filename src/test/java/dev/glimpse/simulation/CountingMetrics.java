package dev.glimpse.simulation;

import dev.glimpse.metrics.CacheMetrics;
import dev.glimpse.metrics.ServingMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Counts requests as they are counted, also those of versions that are forgotten later. */
final class CountingMetrics extends ServingMetrics {

  private final SimpleMeterRegistry meters;
  private final Map<String, Integer> ended = new TreeMap<>();
  private final Map<String, Integer> byModel = new TreeMap<>();

  private final Runnable pause;

  /**
   * Counts in a registry.
   *
   * @param pause lets other threads go first, now and then
   */
  CountingMetrics(SimpleMeterRegistry meters, Runnable pause) {
    super(meters);
    meters.config().meterFilter(new WithoutBuckets());
    this.meters = meters;
    this.pause = pause;
  }

  /** Leaves out the meters of histograms' buckets, which would take a tenth of a run's time. */
  private static final class WithoutBuckets implements MeterFilter {

    private static final DistributionStatisticConfig NONE =
        DistributionStatisticConfig.builder().serviceLevelObjectives().build();

    @Override
    public DistributionStatisticConfig configure(
        Meter.Id id, DistributionStatisticConfig configured) {
      return NONE.merge(configured);
    }
  }

  /** Counts lookups in the same registry, with the same pauses. */
  CacheMetrics cache() {
    return new CacheMetrics(meters) {
      @Override
      public void lookedUp(Lookup result) {
        pause.run();
        super.lookedUp(result);
      }
    };
  }

  @Override
  public void requestEnded(String model, String version, String outcome) {
    ended.merge(outcome, 1, Integer::sum);
    byModel.merge(model, 1, Integer::sum);
    super.requestEnded(model, version, outcome);
    pause.run();
  }

  /** Returns the versions that have meters, such as {@code a/1}. */
  Set<String> versions() {
    return meters.getMeters().stream()
        .map(Meter::getId)
        .filter(id -> id.getTag("version") != null && !NO_MODEL.equals(id.getTag("version")))
        .map(id -> id.getTag("model") + "/" + id.getTag("version"))
        .collect(Collectors.toCollection(TreeSet::new));
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
