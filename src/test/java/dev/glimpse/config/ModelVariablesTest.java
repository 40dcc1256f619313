package dev.glimpse.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.eclipse.microprofile.config.spi.Converter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelVariablesTest {

  @TempDir Path repository;

  @ParameterizedTest
  @CsvSource({
    "rose-garden, GLIMPSE_MODELS_ROSE_GARDEN_TRAFFIC",
    "Rose_Garden, GLIMPSE_MODELS_ROSE_GARDEN_TRAFFIC",
    "resnet50-v1-7, GLIMPSE_MODELS_RESNET50_V1_7_TRAFFIC",
    "my.model, GLIMPSE_MODELS__MY_MODEL__TRAFFIC",
    "my.model, GLIMPSE_MODELS_MY_MODEL_TRAFFIC",
    "flowers, GLIMPSE_MODELS_FLOWERS_TRAFFIC",
  })
  void nameIsTakenFromTheRepository(String model, String variable) throws IOException {
    Files.createDirectory(repository.resolve(model));
    Files.createDirectory(repository.resolve("another-one"));

    assertThat(config(Map.of(variable, "1:90,2:10")).models().byName())
        .containsOnlyKeys(model)
        .allSatisfy((name, set) -> assertThat(set.traffic()).hasValue("1:90,2:10"));
  }

  @Test
  void batching() throws IOException {
    Files.createDirectory(repository.resolve("rose-garden"));

    BatchingConfig batching =
        config(
                Map.of(
                    "GLIMPSE_BATCHING_ROSE_GARDEN_MAX_BATCH_SIZE", "8",
                    "GLIMPSE_BATCHING_ROSE_GARDEN_MAX_DELAY", "3ms",
                    "GLIMPSE_BATCHING_ROSE_GARDEN_PREFERRED_SIZES", "2,4"))
            .batching()
            .get("rose-garden");

    assertThat(batching.maxBatchSize()).isEqualTo(8);
    assertThat(batching.maxDelay()).isEqualTo(Duration.ofMillis(3));
    assertThat(batching.preferredSizes()).hasValue(List.of(2, 4));
  }

  @Test
  void nameMayBeTheSettings() {
    Map<String, String> variables =
        Map.of("GLIMPSE_MODELS_NAME", "my.model", "GLIMPSE_MODELS_MY_MODEL_TRAFFIC", "1");
    assertThat(config(variables).models().byName()).containsOnlyKeys("my.model");
  }

  @Test
  void unknownModelIsAssumedToHaveHyphens() {
    assertThat(config(Map.of("GLIMPSE_MODELS_ROSE_GARDEN_TRAFFIC", "1")).models().byName())
        .containsOnlyKeys("rose-garden");
  }

  @Test
  void missingRepositoryIsNotAnError() {
    Map<String, String> variables =
        Map.of(
            "GLIMPSE_MODELS_ROSE_GARDEN_TRAFFIC",
            "1",
            "GLIMPSE_MODELS_PATH",
            repository.resolve("missing").toString());
    assertThat(config(variables).models().byName()).containsOnlyKeys("rose-garden");
  }

  @Test
  void otherVariablesOfTheServiceAreIgnored() {
    GlimpseConfig config =
        config(Map.of("GLIMPSE_MODELS_WARM_UP", "7", "GLIMPSE_MODELS_DEFAULT", "a-b", "X", "y"));

    assertThat(config.models().byName()).isEmpty();
    assertThat(config.models().warmUp()).hasValue(7);
    assertThat(config.models().defaultName()).hasValue("a-b");
  }

  @Test
  void unknownSettingIsReported() {
    assertThatThrownBy(() -> config(Map.of("GLIMPSE_BATCHING_ROSE_GARDEN_TRAFFIC", "1")))
        .isInstanceOf(ConfigValidationException.class)
        .hasMessageContaining("glimpse.batching.rose-garden.traffic");
  }

  @Test
  void sourceIsRegisteredWithTheService() {
    assertThat(ServiceLoader.load(ConfigSourceFactory.class))
        .anyMatch(ModelVariables.class::isInstance);
  }

  private GlimpseConfig config(Map<String, String> variables) {
    return new SmallRyeConfigBuilder()
        .withMapping(GlimpseConfig.class)
        .withConverters(new Converter<?>[] {new MemorySizeConverter(), new DurationConverter()})
        .withSources(
            new EnvConfigSource(variables, EnvConfigSource.ORDINAL),
            new PropertiesConfigSource(
                Map.of("glimpse.models.path", repository.toString()), "test", 100))
        .withSources(new ModelVariables(variables))
        .build()
        .getConfigMapping(GlimpseConfig.class);
  }
}
