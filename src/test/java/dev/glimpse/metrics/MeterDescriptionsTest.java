package dev.glimpse.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class MeterDescriptionsTest {

  @Test
  void everyMeterHasADescription() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    ServingMetrics metrics = new ServingMetrics(registry);
    InstanceMetrics instance = new InstanceMetrics(registry);
    instance.watchWorkers(() -> 0, () -> 0, () -> 0, () -> 0);
    instance.watchReady(() -> true);
    instance.watchUnservable(() -> 0);
    metrics.predicted(
        "m",
        "1",
        new Predicted(2, "a", OptionalDouble.of(0.9), OptionalDouble.of(0.8), Optional.of(true)));
    CacheMetrics cache = new CacheMetrics(registry);
    cache.watch(() -> 0, () -> 0);
    cache.lookedUp(CacheMetrics.Lookup.HIT);
    cache.evicted();
    instance.watchMemory(() -> 0, () -> 0, () -> 0);
    metrics.requestEnded("m", "1", "overloaded");
    for (ServingMetrics.Step step : ServingMetrics.Step.values()) {
      metrics.took(step, "m", "1", 1);
    }
    metrics.batches("m", "1").accept(1);
    metrics.modelLoaded("m", "1", 1);
    metrics.reloaded("m", true);
    instance.built(new BuildInfo("1", "abc", "jvm"));
    instance.started(Map.of(StartupTimeline.Step.FRAMEWORK, 1L));

    assertThat(registry.getMeters())
        .hasSizeGreaterThan(24)
        .extracting(Meter::getId)
        // This registry, unlike Prometheus's, shows buckets as gauges of its own.
        .filteredOn(id -> !id.getName().endsWith(".histogram"))
        .allSatisfy(id -> assertThat(id.getDescription()).as(id.getName()).isNotBlank());
    assertThat(
            registry
                .get("glimpse.build.info")
                .tags("version", "1", "commit", "abc")
                .gauge()
                .value())
        .isEqualTo(1);
  }
}
