package dev.glimpse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.bytes.Bytes;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.explain.ExplainedImage;
import dev.glimpse.explain.ExplanationRequest;
import dev.glimpse.explain.ExplanationRequests;
import dev.glimpse.explain.Method;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.image.codecs.ImageCodecs;
import dev.glimpse.memory.MaskMemory;
import dev.glimpse.memory.RequestMemory;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.pipeline.ClassificationOptions;
import dev.glimpse.pipeline.ClassificationRequest;
import dev.glimpse.registry.TestRegistry;
import dev.glimpse.support.Configs;
import dev.glimpse.support.FakeTime;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.Repository;
import dev.glimpse.support.TestRequest;
import dev.glimpse.workers.WorkerPool;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExplainerTest {

  /** Each waits while another has its turn, and all get the map that one alone gets. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void manyTakeTurns(int workers) throws Exception {
    GlimpseConfig config =
        Configs.of(
            Map.of(
                "glimpse.models.path",
                Fixtures.RESOURCES.resolve("models-heads").toString(),
                "glimpse.workers.count",
                Integer.toString(workers),
                "glimpse.queue.timeout",
                "5m"));
    ServingMetrics metrics = new ServingMetrics(new SimpleMeterRegistry());
    WorkerPool pool = new WorkerPool(config);
    try (TestRegistry registry = new TestRegistry(pool, metrics, config)) {
      Explainer explainer =
          new Explainer(
              pool,
              registry.models(),
              new ImageDecoder(config, ImageCodecs.all()),
              metrics,
              new RequestMemory(config));
      List<CompletableFuture<ExplainedImage>> answers = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        answers.add(
            explainer
                .explain(new TestRequest<>(request("hidden-layer", Method.AUTO)))
                .toCompletableFuture());
        answers.add(
            explainer
                .explain(new TestRequest<>(request("gap-gemm", Method.CAM)))
                .toCompletableFuture());
      }
      List<ExplainedImage> explained = new ArrayList<>();
      for (CompletableFuture<ExplainedImage> answer : answers) {
        explained.add(answer.get(5, TimeUnit.MINUTES));
      }

      for (int i = 0; i < explained.size(); i++) {
        var explanation = explained.get(i).explanation();
        assertThat(explanation.method()).isEqualTo(i % 2 == 0 ? Method.RISE : Method.CAM);
        assertThat(explanation.runs()).isEqualTo(i % 2 == 0 ? 401 : 1);
        assertThat(explanation.map().values())
            .isEqualTo(explained.get(i % 2).explanation().map().values());
      }
    }
  }

  /** Otherwise the turn that runs would be one of those that the next one has to wait for. */
  @Test
  void oneWorkerWithoutAQueueIsEnough() throws Exception {
    try (Service service = new Service(heads(Map.of("glimpse.queue.size", "0")))) {
      ExplainedImage explained = service.explain("hidden-layer", Method.RISE);

      assertThat(explained.explanation().runs()).isEqualTo(401);
      assertThat(service.memory().masks().used()).isZero();
    }
  }

  @Test
  void withoutMemoryForItsMasksAnImageIsRefused() throws Exception {
    try (Service service = new Service(heads(Map.of()))) {
      MaskMemory.Share others = service.memory().masks().open();
      for (long bytes = 1L << 40; bytes > 0; bytes /= 2) {
        takeIfPossible(others, bytes);
      }
      assertThatThrownBy(() -> service.explain("hidden-layer", Method.OCCLUSION))
          .hasCauseInstanceOf(ServingException.class)
          .hasMessageContaining("use all the memory there is for masks");

      others.close();
      assertThat(service.explain("hidden-layer", Method.OCCLUSION).explanation().runs())
          .isEqualTo(246);
    }
  }

  private static void takeIfPossible(MaskMemory.Share share, long bytes) {
    try {
      share.take(bytes);
    } catch (ServingException e) {
      assertThat(e.failure()).isEqualTo(Failure.TOO_LARGE);
    }
  }

  @Test
  void whereTheGraphCannotBeOpenedAutoIsRise(@TempDir Path models) throws Exception {
    Path folder = new Repository(models).put("colors/1", "rgb", 1);
    try (Service service =
        new Service(Configs.of(Map.of("glimpse.models.path", models.toString())))) {
      Files.setLastModifiedTime(folder.resolve("model.onnx"), FileTime.fromMillis(1));

      assertThat(service.explain("rgb", Method.AUTO).explanation().method()).isEqualTo(Method.RISE);
      assertThatThrownBy(() -> service.explain("rgb", Method.CAM))
          .hasCauseInstanceOf(ServingException.class)
          .hasMessageContaining("have changed since version 1 was loaded");
    }
  }

  /** The clock advances each time it is read, so that there is time for about half of the masks. */
  @Test
  void imagesShareTheTime() throws Exception {
    AtomicLong now = new AtomicLong();
    WorkerPool pool =
        new WorkerPool(
            heads(Map.of()),
            () -> now.addAndGet(Duration.ofMillis(40).toNanos()),
            new FakeTime()::after);
    try (Service service = new Service(pool, heads(Map.of()))) {
      ExplanationRequest image = request("hidden-layer", Method.RISE);
      List<ExplainedImage> explained =
          service
              .explainer()
              .explainEach(
                  new TestRequest<>(
                      new ExplanationRequests(
                          Optional.of("hidden-layer"),
                          Optional.empty(),
                          List.of(image, image, image))))
              .toCompletableFuture()
              .get(5, TimeUnit.MINUTES);

      List<Integer> runs = explained.stream().map(one -> one.explanation().runs()).toList();
      assertThat(runs).hasSize(3).allSatisfy(count -> assertThat(count).isBetween(102, 400));
    }
  }

  private static GlimpseConfig heads(Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("glimpse.models.path", Fixtures.RESOURCES.resolve("models-heads").toString());
    all.put("glimpse.workers.count", "1");
    return Configs.of(all);
  }

  /** Explains images with a pool and a registry of its own. */
  private record Service(
      WorkerPool pool, TestRegistry registry, RequestMemory memory, Explainer explainer)
      implements AutoCloseable {

    Service(GlimpseConfig config) {
      this(new WorkerPool(config), config);
    }

    Service(WorkerPool pool, GlimpseConfig config) {
      this(pool, new ServingMetrics(new SimpleMeterRegistry()), config);
    }

    private Service(WorkerPool pool, ServingMetrics metrics, GlimpseConfig config) {
      this(
          pool,
          new TestRegistry(pool, metrics, config),
          new RequestMemory(config),
          metrics,
          config);
    }

    private Service(
        WorkerPool pool,
        TestRegistry registry,
        RequestMemory memory,
        ServingMetrics metrics,
        GlimpseConfig config) {
      this(
          pool,
          registry,
          memory,
          new Explainer(
              pool,
              registry.models(),
              new ImageDecoder(config, ImageCodecs.all()),
              metrics,
              memory));
    }

    ExplainedImage explain(String model, Method method) throws Exception {
      return explainer
          .explain(new TestRequest<>(request(model, method)))
          .toCompletableFuture()
          .get(5, TimeUnit.MINUTES);
    }

    @Override
    public void close() {
      registry.close();
      pool.close();
    }
  }

  private static ExplanationRequest request(String model, Method method) {
    return new ExplanationRequest(
        new ClassificationRequest(
            Bytes.of(Fixtures.image("scene.png")),
            Optional.of(model),
            Optional.empty(),
            ClassificationOptions.NONE),
        Optional.empty(),
        method,
        OptionalInt.empty());
  }
}
