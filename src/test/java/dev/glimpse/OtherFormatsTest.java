package dev.glimpse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.glimpse.bytes.Bytes;
import dev.glimpse.cache.ResultCache;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.image.codecs.ImageCodecs;
import dev.glimpse.memory.RequestMemory;
import dev.glimpse.metrics.CacheMetrics;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.pipeline.ClassificationOptions;
import dev.glimpse.pipeline.ClassificationRequest;
import dev.glimpse.pipeline.ClassificationResult;
import dev.glimpse.pipeline.PredictionListeners;
import dev.glimpse.registry.TestRegistry;
import dev.glimpse.support.Configs;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.NoRedis;
import dev.glimpse.support.TestRequest;
import dev.glimpse.workers.WorkerPool;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Graphs that take other tensors than float32 NCHW of RGB, served and compared with the reference.
 */
class OtherFormatsTest {

  /** Of six digits that are written down; and of logits that were rounded to float16. */
  private static final double FLOAT = 1e-5;

  private static final double FLOAT16 = 2e-3;

  private static final GlimpseConfig CONFIG =
      Configs.of(
          Map.of("glimpse.models.path", Fixtures.RESOURCES.resolve("models-formats").toString()));
  private static final ServingMetrics METRICS = new ServingMetrics(new SimpleMeterRegistry());
  private static final WorkerPool WORKERS = new WorkerPool(CONFIG);

  private static TestRegistry registry;

  @BeforeAll
  static void load() {
    registry = new TestRegistry(WORKERS, METRICS, CONFIG);
  }

  @AfterAll
  static void close() {
    registry.close();
  }

  static List<Map<String, String>> golden() {
    return Fixtures.table("golden/formats/predictions.tsv");
  }

  @ParameterizedTest
  @MethodSource("golden")
  void answersAsTheReferenceDoes(Map<String, String> row) throws Exception {
    Classifier classifier =
        new Classifier(
            WORKERS,
            registry.models(),
            new ImageDecoder(CONFIG, ImageCodecs.all()),
            new ResultCache(CONFIG, new CacheMetrics(new SimpleMeterRegistry())),
            NoRedis.results(CONFIG),
            METRICS,
            new RequestMemory(CONFIG),
            new PredictionListeners(List.of()));
    byte[] picture = Fixtures.image(row.get("image"));
    ClassificationRequest question =
        new ClassificationRequest(
            Bytes.of(picture),
            Optional.of(row.get("model")),
            Optional.empty(),
            ClassificationOptions.ofTopK(6));
    ClassificationResult answer =
        classifier.classify(new TestRequest<>(question)).toCompletableFuture().get();

    assertThat(answer.classifications()).hasSize(6);
    double tolerance = row.get("model").equals("float16") ? FLOAT16 : FLOAT;
    answer
        .classifications()
        .forEach(classification -> {
          String label = classification.label().equals("n5") ? "white" : classification.label();
          assertThat((double) classification.score())
              .as(label)
              .isEqualTo(Double.parseDouble(row.get(label)), within(tolerance));
        });
  }
}
