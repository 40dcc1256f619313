package dev.glimpse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.engine.Tensor;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.image.codecs.ImageCodecs;
import dev.glimpse.memory.RequestMemory;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.model.Model;
import dev.glimpse.pipeline.PredictionListeners;
import dev.glimpse.pipeline.TensorCall;
import dev.glimpse.pipeline.TensorRequest;
import dev.glimpse.registry.TestRegistry;
import dev.glimpse.support.Configs;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.TestRequest;
import dev.glimpse.workers.WorkerPool;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TensorInferenceTest {

  private static final GlimpseConfig CONFIG =
      Configs.of(
          Map.of(
              "glimpse.models.path", Fixtures.MODELS.toString(),
              "glimpse.workers.count", "2",
              "glimpse.batching.colors.max-batch-size", "4",
              "glimpse.batching.colors.max-delay", "300ms"));

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final ServingMetrics metrics = new ServingMetrics(meters);
  private final WorkerPool workers = new WorkerPool(CONFIG);

  /** Its model is leased until then, and must not be closed while ONNX Runtime runs it. */
  @Test
  void requestWithABadImageEndsWhenTheBatchOfItsGoodOnesHasRun() {
    try (TestRegistry registry = new TestRegistry(workers, metrics, CONFIG)) {
      TensorInference inference =
          new TensorInference(
              workers,
              registry.models(),
              new ImageDecoder(CONFIG, ImageCodecs.all()),
              metrics,
              CONFIG,
              new RequestMemory(CONFIG),
              new PredictionListeners(List.of()));
      TensorCall<String, Integer> call =
          new Images(List.of(Fixtures.image("red.jpg"), new byte[] {1, 2, 3}));

      var answer = inference.infer(new TestRequest<>(call));

      ExecutionException failed =
          catchThrowableOfType(ExecutionException.class, () -> answer.toCompletableFuture().get());
      assertThat(failed.getCause())
          .isInstanceOfSatisfying(
              ServingException.class,
              refused -> assertThat(refused.failure()).isEqualTo(Failure.UNSUPPORTED_MEDIA_TYPE));
      assertThat(meters.get("glimpse.batch.size").tag("version", "1").summary().count())
          .isEqualTo(1);
    }
  }

  /** Otherwise a few requests of many images would keep all workers for as long as they like. */
  @Test
  void anotherRequestGetsItsTurnBetweenTheImages() {
    GlimpseConfig config =
        Configs.of(
            Map.of(
                "glimpse.models.path", Fixtures.MODELS.toString(), "glimpse.workers.count", "1"));
    WorkerPool one = new WorkerPool(config);
    List<String> ended = Collections.synchronizedList(new ArrayList<>());
    CompletableFuture<Void> release = new CompletableFuture<>();
    try (TestRegistry registry = new TestRegistry(one, metrics, config)) {
      TensorInference inference =
          new TensorInference(
              one,
              registry.models(),
              new ImageDecoder(config, ImageCodecs.all()),
              metrics,
              config,
              new RequestMemory(config),
              new PredictionListeners(List.of()));
      var busy =
          one.submit(permit -> {
            release.join();
            return "";
          });
      byte[] red = Fixtures.image("red.jpg");
      var many =
          inference
              .infer(new TestRequest<>(new Images(List.of(red, red, red))))
              .thenAccept(scores -> ended.add("many"));
      var other =
          inference
              .infer(new TestRequest<>(new Images(List.of(red))))
              .thenAccept(scores -> ended.add("other"));
      release.complete(null);
      busy.join();
      many.toCompletableFuture().join();
      other.toCompletableFuture().join();
    }
    assertThat(ended).containsExactly("other", "many");
  }

  /** Images for the model "colors". */
  private record Images(List<byte[]> files) implements TensorCall<String, Integer> {

    @Override
    public Optional<String> model() {
      return Optional.of("colors");
    }

    @Override
    public Optional<Integer> version() {
      return Optional.of(1);
    }

    @Override
    public TensorRequest<String> parse(Model model) {
      Tensor images =
          Tensor.ofStrings(model.session().input().name(), List.of((long) files.size()), files);
      return new TensorRequest<>(model, List.of(images), List.of(), "");
    }

    @Override
    public Integer encode(TensorRequest<String> request, List<Tensor> outputs) {
      return outputs.size();
    }
  }
}
