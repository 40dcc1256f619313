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
import dev.glimpse.pipeline.TensorCall;
import dev.glimpse.pipeline.TensorRequest;
import dev.glimpse.registry.TestRegistry;
import dev.glimpse.support.Configs;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.TestRequest;
import dev.glimpse.workers.WorkerPool;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
              new RequestMemory(CONFIG));
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
