package dev.glimpse.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.support.Configs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlimpseConfigTest {

  @Test
  void defaults() {
    GlimpseConfig config = Configs.defaults();

    assertThat(config.models().path()).isEqualTo(Path.of("models"));
    assertThat(config.models().defaultName()).isEmpty();
    assertThat(config.models().warmUp()).isEqualTo(3);
    assertThat(config.image().maxBytes().asLongValue()).isEqualTo(10 << 20);
    assertThat(config.image().maxPixels()).isEqualTo(50_000_000);
    assertThat(config.image().decode()).isEqualTo(GlimpseConfig.Image.Decode.FAST);
    assertThat(config.image().keptMemory().asLongValue()).isEqualTo(64 << 20);
    assertThat(config.image().maxMemory()).isEmpty();
    assertThat(config.workers().count()).isEmpty();
    assertThat(config.queue().size()).isEqualTo(64);
    assertThat(config.queue().bodyTimeout()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void everyKeyIsMapped() {
    GlimpseConfig config =
        Configs.of(
            Map.of(
                "glimpse.models.path", "/srv/models",
                "glimpse.models.default", "everyday",
                "glimpse.models.warm-up", "7",
                "glimpse.image.max-bytes", "5M",
                "glimpse.image.max-pixels", "1000",
                "glimpse.image.decode", "fast",
                "glimpse.workers.count", "3",
                "glimpse.queue.size", "0",
                "glimpse.queue.body-timeout", "5s"));

    assertThat(config.models().path()).isEqualTo(Path.of("/srv/models"));
    assertThat(config.models().defaultName()).hasValue("everyday");
    assertThat(config.models().warmUp()).isEqualTo(7);
    assertThat(config.image().maxBytes().asLongValue()).isEqualTo(5 << 20);
    assertThat(config.image().maxPixels()).isEqualTo(1000);
    assertThat(config.image().decode()).isEqualTo(GlimpseConfig.Image.Decode.FAST);
    assertThat(config.workers().count()).hasValue(3);
    assertThat(config.queue().size()).isZero();
    assertThat(config.queue().bodyTimeout()).isEqualTo(Duration.ofSeconds(5));
  }

  @ParameterizedTest
  @CsvSource({
    "glimpse.models.default, ../secret",
    "glimpse.models.warm-up, 0",
    "glimpse.models.warm-up, many",
    "glimpse.image.max-bytes, huge",
    "glimpse.image.max-pixels, 0",
    "glimpse.image.max-pixels, 600000000",
    "glimpse.image.decode, quick",
    "glimpse.workers.count, 0",
    "glimpse.workers.count, 1025",
    "glimpse.queue.size, -1",
    "glimpse.queue.size, 100001",
    "glimpse.queue.body-timeout, soon",
  })
  void aBadValueStopsTheStartAndIsNamed(String key, String value) {
    assertThatThrownBy(() -> Configs.of(Map.of(key, value))).hasStackTraceContaining(key);
  }

  @ParameterizedTest
  @CsvSource({"glimpse.queue.sice", "glimpse.model.path", "glimpse.typo"})
  void aMistypedKeyStopsTheStartAndIsNamed(String key) {
    assertThatThrownBy(() -> Configs.of(Map.of(key, "1"))).hasStackTraceContaining(key);
  }
}
