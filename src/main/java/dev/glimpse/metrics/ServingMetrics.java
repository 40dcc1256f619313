package dev.glimpse.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.search.Search;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import java.util.stream.DoubleStream;
import org.jboss.logging.Logger;

/**
 * Records what the models have served: requests, their times, and predictions, by model and
 * version. Any thread may call it. Prometheus shows the meters with underscores for dots and the
 * unit at the end: {@code glimpse.inference} is the histogram {@code glimpse_inference_seconds}.
 */
@ApplicationScoped
public class ServingMetrics {

  private static final Logger LOG = Logger.getLogger(ServingMetrics.class);

  /** The tags {@code model} and {@code version} of a request whose model is unknown. */
  public static final String NO_MODEL = "none";

  /** The {@code outcome} tag of a request that succeeded. */
  public static final String OK = "ok";

  /** From a tiny model on a fast core to a request that waited for the whole queue. */
  private static final Duration[] BUCKETS =
      DoubleStream.of(0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000)
          .mapToObj(ms -> Duration.ofNanos((long) (ms * 1_000_000)))
          .toArray(Duration[]::new);

  private static final String LOAD_SECONDS = "glimpse.model.load.seconds";

  private static final double[] BATCH_SIZES = {1, 2, 4, 8, 16, 32, 64, 128, 256};

  private record TimerKey(Step step, String model, String version) {}

  private record Version(String model, String version) {}

  private final MeterRegistry registry;
  private final Map<TimerKey, Timer> timers = new ConcurrentHashMap<>();

  private final Map<Version, AtomicLong> lastRuns = new ConcurrentHashMap<>();

  private final Map<Version, PredictionMeters> predictions = new ConcurrentHashMap<>();

  /** A version's last request may end after its meters were removed, and must not add new ones. */
  private final Set<Version> forgotten = ConcurrentHashMap.newKeySet();

  public ServingMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /**
   * Counts a request that has ended. For one that failed, {@code outcome} is the code of its
   * failure: {@code overloaded} (the queue was full, or too long for it), {@code queue-timeout},
   * {@code deadline-passed} and {@code client-gone} among others.
   */
  public void requestEnded(String model, String version, String outcome) {
    unlessForgotten(
        new Version(model, version),
        () ->
            Counter.builder("glimpse.requests")
                .description("Requests that have ended, by model, version and outcome")
                .tag("model", model)
                .tag("version", version)
                .tag("outcome", outcome)
                .register(registry)
                .increment());
    if (outcome.equals(OK)) {
      StartupTimeline.answered().ifPresent(this::firstAnswer);
    }
  }

  private void firstAnswer(long nanos) {
    new InstanceMetrics(registry).started(Map.of(StartupTimeline.Step.FIRST_ANSWER, nanos));
    LOG.infof(
        "First response %s ms after the start, %s ms after the port was open",
        StartupTimeline.total().orElse(-1), nanos / 1_000_000);
  }

  /** Records how long a step of a request took. */
  public void took(Step step, String model, String version, long nanos) {
    Version key = new Version(model, version);
    unlessForgotten(
        key,
        () -> {
          timers
              .computeIfAbsent(new TimerKey(step, model, version), this::timer)
              .record(nanos, TimeUnit.NANOSECONDS);
          if (step == Step.INFERENCE) {
            lastRuns
                .computeIfAbsent(key, added -> new AtomicLong())
                .set(System.currentTimeMillis());
          }
        });
  }

  /** Returns what has been recorded of a version; takes as long as finding its meters does. */
  public VersionStatistics statistics(String model, String version) {
    AtomicLong lastRun = lastRuns.get(new Version(model, version));
    return VersionStatistics.of(registry, model, version, lastRun == null ? 0 : lastRun.get());
  }

  /**
   * Records how long the steps of an image's classification took.
   *
   * @param cached whether the result came from the cache, so that there was nothing to decode, to
   *     preprocess and to infer
   */
  public void took(String model, String version, Timing timing, boolean cached) {
    took(Step.QUEUE, model, version, timing.queue());
    if (!cached) {
      took(Step.DECODE, model, version, timing.decode());
      took(Step.PREPROCESS, model, version, timing.preprocess());
      took(Step.INFERENCE, model, version, timing.inference());
    }
    took(Step.TOTAL, model, version, timing.total());
  }

  /**
   * Records how long an explanation or a vector took, from the arrival of the whole request.
   *
   * @param method how a score was explained, one of a few words; or {@code embed}
   */
  public void explained(String method, String model, String version, long nanos) {
    unlessForgotten(
        new Version(model, version),
        () ->
            Timer.builder("glimpse.explanation")
                .description(
                    "Time of an explanation or a vector, from the arrival of the whole request")
                .tag("method", method)
                .tag("model", model)
                .tag("version", version)
                .serviceLevelObjectives(BUCKETS)
                .register(registry)
                .record(nanos, TimeUnit.NANOSECONDS));
  }

  private Timer timer(TimerKey key) {
    return Timer.builder("glimpse." + key.step.meter)
        .description(key.step.description)
        .tag("model", key.model)
        .tag("version", key.version)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  /** Records what a version of a model has predicted. */
  public void predicted(String model, String version, Predicted prediction) {
    Version key = new Version(model, version);
    unlessForgotten(
        key,
        () ->
            predictions
                .computeIfAbsent(
                    key,
                    added -> new PredictionMeters(registry, model, version, prediction.classes()))
                .record(prediction));
  }

  /**
   * Records something of a version, unless it was forgotten. If it is forgotten at this moment, its
   * meters may have been removed before this adds one, which is removed, too.
   */
  private void unlessForgotten(Version version, Runnable record) {
    if (forgotten.contains(version)) {
      return;
    }
    record.run();
    if (forgotten.contains(version)) {
      removeMeters(version);
    }
  }

  /** Returns what records the number of images of each run of a model with dynamic batching. */
  public IntConsumer batches(String model, String version) {
    return DistributionSummary.builder("glimpse.batch.size")
            .description("Images per run of the graph")
            .tag("model", model)
            .tag("version", version)
            .serviceLevelObjectives(BATCH_SIZES)
            .register(registry)
        ::record;
  }

  /** Records how long it took until a model could serve, instead of what was recorded before. */
  public void modelLoaded(String model, String version, long nanos) {
    registry
        .find(LOAD_SECONDS)
        .tags("model", model, "version", version)
        .meters()
        .forEach(registry::remove);
    Gauge.builder(LOAD_SECONDS, () -> nanos / 1e9)
        .description("Time to read, load and warm up the model")
        .tag("model", model)
        .tag("version", version)
        .register(registry);
  }

  /** Counts a version of a model that was loaded, or was not, while others were served. */
  public void reloaded(String model, boolean well) {
    Counter.builder("glimpse.model.reloads")
        .description("Versions that were loaded while the service ran, by model and outcome")
        .tag("model", model)
        .tag("outcome", well ? OK : "failed")
        .register(registry)
        .increment();
  }

  /** Records a version again that was {@linkplain #forget forgotten}. */
  public void remember(String model, String version) {
    forgotten.remove(new Version(model, version));
  }

  /** Removes the meters of a version that is no longer served. */
  public void forget(String model, String version) {
    Version key = new Version(model, version);
    forgotten.add(key); // first, so that what is recorded at this moment notices it
    removeMeters(key);
  }

  private void removeMeters(Version version) {
    predictions.remove(version);
    lastRuns.remove(version);
    timers
        .keySet()
        .removeIf(key -> key.model.equals(version.model) && key.version.equals(version.version));
    Search.in(registry)
        .tags("model", version.model, "version", version.version)
        .meters()
        .forEach(registry::remove);
  }

  /** A part of a request's time. */
  public enum Step {
    QUEUE("queue", "Time in the queue, and in a batch before its run"),
    DECODE("decode", "Time to decode the image"),
    PREPROCESS("preprocess", "Time to compute the input tensor"),
    INFERENCE("inference", "Time in ONNX Runtime"),
    TOTAL("request", "Time from the arrival of the whole request to its response");

    private final String meter;
    private final String description;

    Step(String meter, String description) {
      this.meter = meter;
      this.description = description;
    }
  }
}
