package dev.glimpse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.glimpse.bytes.Bytes;
import dev.glimpse.cache.ResultCache;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.image.codecs.ImageCodecs;
import dev.glimpse.memory.RequestMemory;
import dev.glimpse.metrics.CacheMetrics;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.pipeline.ClassificationOptions;
import dev.glimpse.pipeline.ClassificationRequest;
import dev.glimpse.pipeline.ClassificationResult;
import dev.glimpse.pipeline.PredictionListeners;
import dev.glimpse.postprocess.Classification;
import dev.glimpse.registry.TestRegistry;
import dev.glimpse.support.Configs;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.NoRedis;
import dev.glimpse.support.TestRequest;
import dev.glimpse.workers.WorkerPool;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Sends a thousand concurrent requests, a tenth of them broken, to the default model with batching
 * on: each gets the result that it gets alone.
 */
@Timeout(300)
class ThousandAtOnceTest {

  private static final int REQUESTS = 1000;

  /** The kernels of different batch sizes sum in a different order. */
  private static final float TOLERANCE = 1e-4f;

  private static final List<String> GOOD =
      List.of(
          "daisy.jpg", "red.jpg", "scene.png", "yellow.png", "white.png", "still.gif", "blue.jpg");
  private static final List<String> BROKEN =
      List.of("truncated.jpg", "empty.jpg", "bad-crc.png", "text.jpg", "bomb.png");

  private static final Map<String, String> BATCHING =
      Map.of(
          "glimpse.batching.flowers.max-batch-size", "8",
          "glimpse.batching.flowers.max-delay", "50ms",
          "glimpse.batching.flowers.preferred-sizes", "4");

  @Test
  void eachRequestGetsTheResultItGetsAlone() throws Exception {
    try (Service service = new Service(BATCHING)) {
      askAThousandTimes(service);

      DistributionSummary sizes = service.meters.get("glimpse.batch.size").summary();
      System.out.printf(
          "%d runs of %.1f pictures on average, %.0f at most%n",
          sizes.count(), sizes.mean(), sizes.max());
      assertThat(sizes.totalAmount()).isEqualTo(REQUESTS * 9 / 10);
      assertThat(sizes.max()).isBetween(4.0, 8.0);
      assertThat(service.workers.taken()).isZero();
    }
  }

  @Test
  void withTheCacheEachImageRunsOnceAndEachRequestGetsItsOwnResult() throws Exception {
    Map<String, String> settings = new HashMap<>(BATCHING);
    settings.put("glimpse.cache.max-bytes", "1M");
    try (Service service = new Service(settings)) {
      askAThousandTimes(service);

      DistributionSummary sizes = service.meters.get("glimpse.batch.size").summary();
      assertThat(sizes.totalAmount()).isEqualTo(GOOD.size());
      assertThat(service.workers.taken()).isZero();
    }
  }

  private static void askAThousandTimes(Service service) throws Exception {
    Map<String, Object> alone = alone();
    List<String> names = new ArrayList<>();
    List<CompletableFuture<CompletableFuture<ClassificationResult>>> asked = new ArrayList<>();
    ExecutorService clients = Executors.newFixedThreadPool(16);
    for (int i = 0; i < REQUESTS; i++) {
      List<String> kind = i % 10 == 3 ? BROKEN : GOOD;
      String name = kind.get(i / 10 % kind.size());
      names.add(name);
      asked.add(CompletableFuture.supplyAsync(() -> service.ask(name), clients));
    }
    for (int i = 0; i < REQUESTS; i++) {
      requireSame(names.get(i), outcome(asked.get(i).join()), alone.get(names.get(i)));
    }
    clients.shutdown();
  }

  private static Map<String, Object> alone() throws InterruptedException {
    Map<String, Object> alone = new HashMap<>();
    try (Service service = new Service(Map.of())) {
      for (List<String> names : List.of(GOOD, BROKEN)) {
        for (String name : names) {
          alone.put(name, outcome(service.ask(name)));
        }
      }
    }
    assertThat(GOOD)
        .allSatisfy(name -> assertThat(alone.get(name)).isInstanceOf(ClassificationResult.class));
    assertThat(BROKEN).allSatisfy(name -> assertThat(alone.get(name)).isInstanceOf(Failure.class));
    return alone;
  }

  private static void requireSame(String name, Object outcome, Object alone) {
    if (!(alone instanceof ClassificationResult expected)) {
      assertThat(outcome).as(name).isEqualTo(alone);
      return;
    }
    assertThat(outcome).as(name).isInstanceOf(ClassificationResult.class);
    List<Classification> scores = ((ClassificationResult) outcome).classifications();
    assertThat(scores).as(name).hasSameSizeAs(expected.classifications());
    for (Classification score : scores) {
      float scoreAlone =
          expected.classifications().stream()
              .filter(c -> c.index() == score.index())
              .findFirst()
              .orElseThrow()
              .score();
      assertThat(score.score()).as(name).isCloseTo(scoreAlone, within(TOLERANCE));
    }
  }

  /** Returns the result, or the kind of failure. */
  private static Object outcome(CompletableFuture<ClassificationResult> asked)
      throws InterruptedException {
    try {
      return asked.get();
    } catch (ExecutionException e) {
      return e.getCause() instanceof ServingException serving ? serving.failure() : e.getCause();
    }
  }

  private static final class Service implements AutoCloseable {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final WorkerPool workers;
    private final TestRegistry registry;
    private final Classifier classifier;

    Service(Map<String, String> settings) {
      Map<String, String> all = new HashMap<>(settings);
      all.put("glimpse.queue.size", "" + REQUESTS);
      all.put("glimpse.queue.timeout", "5m");
      GlimpseConfig config = Configs.of(all);
      ServingMetrics metrics = new ServingMetrics(meters);
      workers = new WorkerPool(config);
      registry = new TestRegistry(workers, metrics, config);
      classifier =
          new Classifier(
              workers,
              registry.models(),
              new ImageDecoder(config, ImageCodecs.all()),
              new ResultCache(config, new CacheMetrics(meters)),
              NoRedis.results(config),
              metrics,
              new RequestMemory(config),
              new PredictionListeners(List.of()));
    }

    CompletableFuture<ClassificationResult> ask(String name) {
      ClassificationRequest question =
          new ClassificationRequest(
              Bytes.of(Fixtures.image(name)),
              Optional.empty(),
              Optional.empty(),
              ClassificationOptions.NONE);
      return classifier.classify(new TestRequest<>(question)).toCompletableFuture();
    }

    @Override
    public void close() {
      registry.close();
    }
  }
}
