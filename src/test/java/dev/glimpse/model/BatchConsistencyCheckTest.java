package dev.glimpse.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.registry.TestRegistry;
import dev.glimpse.support.Configs;
import dev.glimpse.support.Fixtures;
import dev.glimpse.workers.WorkerPool;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A graph that cannot be batched stops the start, with a message that says why. */
class BatchConsistencyCheckTest {

  @Test
  void batchingIsOffUnlessAskedFor() {
    try (TestRegistry registry = started(Path.of("models"), Map.of())) {
      assertThat(registry.models().require(Optional.empty(), Optional.empty()).batcher()).isEmpty();
    }
  }

  @Test
  void oneIsOff() {
    try (TestRegistry registry =
        started(Path.of("models"), Map.of("glimpse.batching.flowers.max-batch-size", "1"))) {
      assertThat(registry.models().require(Optional.empty(), Optional.empty()).batcher()).isEmpty();
    }
  }

  @Test
  void theDefaultModelCanBeBatched() {
    try (TestRegistry registry =
        started(Path.of("models"), Map.of("glimpse.batching.flowers.max-batch-size", "8"))) {
      assertThat(registry.models().require(Optional.empty(), Optional.empty()).batcher())
          .hasValueSatisfying(batcher -> assertThat(batcher.maxSize()).isEqualTo(8));
    }
  }

  @Test
  void aModelThatIsNotThere() {
    refused(
        Path.of("models"),
        Map.of("glimpse.batching.roses.max-batch-size", "2"),
        "glimpse.batching.roses is set, and the repository holds flowers");
  }

  @Test
  void aPreferredSizeThatIsTooLarge() {
    refused(
        Path.of("models"),
        Map.of(
            "glimpse.batching.flowers.max-batch-size", "4",
            "glimpse.batching.flowers.preferred-sizes", "2,8"),
        "preferred-sizes go up to 8 and max-batch-size is 4");
  }

  /** Each serves as it is, and none together; src/test/golden/unbatchable.py made them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fixed-batch | pixel_values float[1,3,32,32], which fixes the batch size",
        "fails-on-two | the graph fails on a batch",
        "by-company | gives other scores in a batch than alone",
        "open-size | preprocessor_config.json does not fix the image size",
      })
  void aModelThatTakesOneAtATime(String defect, String why) {
    Path repository = Fixtures.RESOURCES.resolve("models-unbatchable").resolve(defect);
    started(repository, Map.of()).close();
    refused(repository, Map.of("glimpse.batching.single.max-batch-size", "4"), why);
  }

  private static TestRegistry started(Path repository, Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("glimpse.models.path", repository.toString());
    GlimpseConfig config = Configs.of(all);
    return new TestRegistry(
        new WorkerPool(config), new ServingMetrics(new SimpleMeterRegistry()), config);
  }

  private static void refused(Path repository, Map<String, String> settings, String why) {
    assertThatThrownBy(() -> started(repository, settings))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(why);
  }
}
