package dev.glimpse.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.search.Search;
import java.util.concurrent.TimeUnit;

/**
 * Holds what the meters say of a version of a model, all of it since it was loaded.
 *
 * @param lastRun when its graph last ran, in milliseconds since 1970; 0: never
 * @param runs how often its graph ran; a batch is one run
 * @param succeeded requests, and the times of their images and tensors from arrival to response
 * @param failed requests
 * @param queue the times in the queue
 * @param input the times to make input tensors of images
 * @param inference the times in the graph, of each image, and of each request of tensors
 */
public record VersionStatistics(
    long lastRun, long runs, Sum succeeded, long failed, Sum queue, Sum input, Sum inference) {

  /**
   * Adds times up.
   *
   * @param count how many
   */
  public record Sum(long count, long nanos) {}

  /** Finds meters of one version. */
  private record Meters(MeterRegistry registry, String model, String version) {

    private Search named(String name) {
      return registry.find(name).tags("model", model, "version", version);
    }

    private Sum times(String name) {
      long count = 0;
      double nanos = 0;
      for (Timer timer : named(name).timers()) {
        count += timer.count();
        nanos += timer.totalTime(TimeUnit.NANOSECONDS);
      }
      return new Sum(count, (long) nanos);
    }

    private long requests(boolean well) {
      return (long)
          named("glimpse.requests").counters().stream()
              .filter(
                  requests -> ServingMetrics.OK.equals(requests.getId().getTag("outcome")) == well)
              .mapToDouble(Counter::count)
              .sum();
    }

    /** Returns how often the graph ran: for a batch once, and otherwise for each inference. */
    private long runs(long inferences) {
      double runs = inferences;
      for (DistributionSummary batches : named("glimpse.batch.size").summaries()) {
        runs += batches.count() - batches.totalAmount();
      }
      return (long) Math.max(0, runs);
    }
  }

  static VersionStatistics of(MeterRegistry registry, String model, String version, long lastRun) {
    Meters meters = new Meters(registry, model, version);
    Sum inference = meters.times("glimpse.inference");
    Sum decode = meters.times("glimpse.decode");
    Sum preprocess = meters.times("glimpse.preprocess");
    long total =
        meters.times("glimpse.request").nanos() + meters.times("glimpse.explanation").nanos();
    return new VersionStatistics(
        lastRun,
        meters.runs(inference.count()),
        new Sum(meters.requests(true), total),
        meters.requests(false),
        meters.times("glimpse.queue"),
        new Sum(preprocess.count(), decode.nanos() + preprocess.nanos()),
        inference);
  }
}
