package dev.glimpse.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.stream.DoubleStream;

/**
 * Makes a histogram of the platform's meter of HTTP requests, which has no buckets by default, so
 * that quantiles can be computed over all instances. {@link HttpTags} bounds its time series.
 */
@Singleton
public class HttpHistogram implements MeterFilter {

  /** From a probe to a request that waited for the whole queue, in nanoseconds. */
  private static final double[] BUCKETS =
      DoubleStream.of(5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000)
          .map(millis -> Duration.ofMillis((long) millis).toNanos())
          .toArray();

  @Override
  public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
    return id.getName().equals(RefusedRequests.NAME)
        ? DistributionStatisticConfig.builder()
            .serviceLevelObjectives(BUCKETS)
            .build()
            .merge(config)
        : config;
  }
}
