package dev.glimpse.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.bytes.Bytes;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.image.ImageDecoder;
import dev.glimpse.image.ImageFile;
import dev.glimpse.image.codecs.ImageCodecs;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.model.Model;
import dev.glimpse.pipeline.ClassificationOptions;
import dev.glimpse.pipeline.ResultOptions;
import dev.glimpse.registry.TestRegistry;
import dev.glimpse.support.Configs;
import dev.glimpse.support.Fixtures;
import dev.glimpse.workers.WorkerPool;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaskingMethodTest {

  private static final GlimpseConfig CONFIG =
      Configs.of(
          Map.of("glimpse.models.path", Fixtures.RESOURCES.resolve("models-heads").toString()));

  private final WorkerPool workers = new WorkerPool(CONFIG);

  @ParameterizedTest
  @CsvSource({"RISE, 100, 400", "OCCLUSION, 49, 245"})
  void thereIsAMapAfterTheLeastMasks(Method method, int least, int all) {
    try (TestRegistry registry = registry()) {
      MaskingMethod masking = masking(registry, method);

      for (int i = 0; i < least; i++) {
        assertThat(masking.hasMap()).isFalse();
        assertThat(masking.advance(System.nanoTime())).isFalse(); // one run, as the time is over
      }
      assertThat(masking.hasMap()).isTrue();
      assertThat(masking.explanation().runs()).isEqualTo(least + 1);

      assertThat(masking.advance(System.nanoTime() + Duration.ofMinutes(5).toNanos())).isTrue();
      assertThat(masking.explanation().runs()).isEqualTo(all + 1);
      assertThat(masking.advance(System.nanoTime())).isTrue();
      assertThat(masking.explanation().runs()).isEqualTo(all + 1);
    }
  }

  @Test
  void theSameImageGetsTheSameMap() {
    try (TestRegistry registry = registry()) {
      MaskingMethod first = masking(registry, Method.RISE);
      MaskingMethod second = masking(registry, Method.RISE);
      long end = System.nanoTime() + Duration.ofMinutes(5).toNanos();
      first.advance(end);
      while (!second.advance(System.nanoTime())) {
        assertThat(second.explanation().runs()).isPositive();
      }

      assertThat(second.explanation().map().values()).isEqualTo(first.explanation().map().values());
    }
  }

  private TestRegistry registry() {
    return new TestRegistry(workers, new ServingMetrics(new SimpleMeterRegistry()), CONFIG);
  }

  private MaskingMethod masking(TestRegistry registry, Method method) {
    Model model = registry.models().require(Optional.of("hidden-layer"), Optional.empty());
    PreparedImage image =
        PreparedImage.of(
            new ImageDecoder(CONFIG, ImageCodecs.all()),
            model,
            new ImageFile(Bytes.of(Fixtures.image("scene.png"))),
            workers.admit(Duration.ofMinutes(5)),
            System::nanoTime);
    return new MaskingMethod(
        model,
        ResultOptions.of(ClassificationOptions.NONE, model),
        Optional.empty(),
        method,
        image,
        System::nanoTime);
  }
}
