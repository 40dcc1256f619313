package dev.glimpse.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.glimpse.SimulatedService;
import dev.glimpse.bytes.Bytes;
import dev.glimpse.cache.ResultCache;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.image.codecs.ImageCodecs;
import dev.glimpse.memory.RequestMemory;
import dev.glimpse.metrics.CacheMetrics;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.postprocess.Activation;
import dev.glimpse.postprocess.Classification;
import dev.glimpse.registry.TestRegistry;
import dev.glimpse.support.Configs;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.TestRequest;
import dev.glimpse.workers.WorkerPool;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PredictionRecorderTest {

  private static final GlimpseConfig CONFIG =
      Configs.of(
          Map.of(
              "glimpse.models.path", Fixtures.MODELS.toString(),
              "glimpse.cache.max-bytes", "1M",
              "glimpse.workers.count", "1"));

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final ServingMetrics metrics = new ServingMetrics(meters);
  private final WorkerPool workers = new WorkerPool(CONFIG);
  private final TestRegistry registry = new TestRegistry(workers, metrics, CONFIG);
  private final RequestMemory memory = new RequestMemory(CONFIG);
  private final SimulatedService service =
      SimulatedService.of(
          workers,
          registry.models(),
          new ImageDecoder(CONFIG, ImageCodecs.all(), memory),
          new ResultCache(CONFIG, new CacheMetrics(meters)),
          metrics,
          CONFIG,
          memory,
          new PredictionListeners(List.of(new PredictionRecorder(metrics))));

  @AfterEach
  void close() {
    registry.close();
  }

  @Test
  void labelScoreAndMarginAreRecorded() {
    List<Classification> best = classify(request("red.jpg", 5, null));

    assertThat(count("red")).isEqualTo(1);
    assertThat(summary("score").totalAmount()).isEqualTo(best.get(0).score());
    assertThat(summary("margin").totalAmount())
        .isCloseTo(best.get(0).score() - best.get(1).score(), within(1e-6));
  }

  @Test
  void labelIsTheModelsOwnInAnyLanguage() {
    List<Classification> best = classify(request("red.jpg", 5, "zh"));

    assertThat(best.get(0).label()).isNotEqualTo("red");
    assertThat(count("red")).isEqualTo(1);
  }

  /** The second score is known, though it is not asked for. */
  @Test
  void marginIsRecordedWhereOneClassIsAskedFor() {
    List<Classification> two = classify(request("red.jpg", 2, null));
    double margin = two.get(0).score() - two.get(1).score();
    classify(request("red.jpg", 1, null));

    assertThat(summary("margin").count()).isEqualTo(2);
    assertThat(summary("margin").totalAmount()).isCloseTo(2 * margin, within(1e-6));
  }

  @Test
  void cachedResultsCount() {
    classify(request("red.jpg", 5, null));
    classify(request("red.jpg", 5, null));

    assertThat(count("red")).isEqualTo(2);
    assertThat(summary("score").count()).isEqualTo(2);
    assertThat(summary("margin").count()).isEqualTo(2);
  }

  /** Logits, which this request asks for, are no scores from 0 to 1. */
  @Test
  void scoresOfAnotherActivationAreNotMixedWithTheModelsOwn() {
    classify(
        request(
            "red.jpg",
            ClassificationOptions.ofTopK(5).withActivation(Optional.of(Activation.NONE))));

    assertThat(count("red")).isEqualTo(1);
    assertThat(summary("score").count()).isZero();
    assertThat(summary("margin").count()).isZero();
  }

  private List<Classification> classify(ClassificationRequest request) {
    return service
        .one()
        .classify(new TestRequest<>(request))
        .toCompletableFuture()
        .join()
        .classifications();
  }

  private static ClassificationRequest request(String image, int topK, @Nullable String language) {
    return request(
        image,
        new ClassificationOptions(
            Optional.of(topK), Optional.ofNullable(language), List.of(), ScoreOptions.NONE));
  }

  private static ClassificationRequest request(String image, ClassificationOptions options) {
    return new ClassificationRequest(
        Bytes.of(Fixtures.image(image)), Optional.of("colors"), Optional.empty(), options);
  }

  private double count(String label) {
    return meters
        .get("glimpse.predictions")
        .tags("model", "colors", "label", label)
        .counter()
        .count();
  }

  private DistributionSummary summary(String what) {
    return meters.get("glimpse.prediction." + what).tags("model", "colors").summary();
  }
}
