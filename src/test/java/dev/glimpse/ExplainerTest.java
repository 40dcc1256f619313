package dev.glimpse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.bytes.Bytes;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.explain.ExplainedImage;
import dev.glimpse.explain.ExplanationRequest;
import dev.glimpse.explain.Method;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.image.codecs.ImageCodecs;
import dev.glimpse.memory.RequestMemory;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.pipeline.ClassificationRequest;
import dev.glimpse.registry.TestRegistry;
import dev.glimpse.support.Configs;
import dev.glimpse.support.Fixtures;
import dev.glimpse.support.TestRequest;
import dev.glimpse.workers.WorkerPool;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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

  private static ExplanationRequest request(String model, Method method) {
    return new ExplanationRequest(
        new ClassificationRequest(
            Bytes.of(Fixtures.image("scene.png")),
            Optional.of(model),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of()),
        Optional.empty(),
        method,
        OptionalInt.empty());
  }
}
