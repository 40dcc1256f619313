package dev.glimpse.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.support.Configs;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.spi.Converter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EarlySettingsTest {

  /** Settings with these, as {@code key=value}, separated by spaces. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "glimpse.queue.size=5",
        "glimpse.repository.control=false",
        "glimpse.models.path=/srv/a",
        "glimpse.models.name=rose-garden",
        "glimpse.models.name=",
        "glimpse.pixels= glimpse.models.warm-up= glimpse.repository.poll=",
        "glimpse.models.warm-up=7 glimpse.models.rose.traffic=1",
        "glimpse.engine.arena=false",
        "glimpse.pixels=java",
        "glimpse.pixels=AVX2",
        "glimpse.models.verify=/etc/keys.pem",
        "quarkus.log.level=WARN",
        "quarkus.log.category.\"ai.djl\".level=WARN",
        "quarkus.log.category.\"dev.glimpse\".min-level=TRACE",
      })
  void areTheSameBeforeAndAfterTheFrameworkMapsThem(String settings) {
    Map<String, String> set = parsed(settings);

    assertThat(read(set)).isPresent().isEqualTo(EarlySettings.of(Configs.of(set)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "glimpse.repository.poll=5s",
        "glimpse.repository.control=true",
        "glimpse.batching.rose.max-batch-size=4",
      })
  void areNoneWhereModelsChangeOrAreBatched(String settings) {
    Map<String, String> set = parsed(settings);

    assertThat(read(set)).isEmpty();
    assertThat(EarlySettings.of(Configs.of(set))).isEmpty();
  }

  /** Sessions are opened with the level of their messages. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "quarkus.log.level=DEBUG",
        "quarkus.log.category.\"dev.glimpse.engine\".level=DEBUG",
        "quarkus.log.category.\"ai.onnxruntime\".level=DEBUG",
        "quarkus.log.category.ai.level=DEBUG",
        "QUARKUS_LOG_CATEGORY__DEV_GLIMPSE__LEVEL=TRACE",
      })
  void areNotReadWhereLevelsOfMessagesAreSet(String settings) {
    assertThat(read(parsed(settings))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "glimpse.models.warm-up=many",
        "glimpse.engine.arena=yes",
        "glimpse.pixels=mmx",
        "glimpse.models.path=a\0b",
        "glimpse.models.verify=a\0b",
      })
  void areNoneWhereAValueIsNotUnderstood(String settings) {
    assertThat(read(parsed(settings))).isEmpty();
  }

  @Test
  void ofTheDefaultsAreTheDefaults() {
    assertThat(read(Map.of())).isEqualTo(EarlySettings.of(Configs.defaults()));
  }

  private static Map<String, String> parsed(String settings) {
    return Arrays.stream(settings.split(" ", -1))
        .map(setting -> setting.split("=", 2))
        .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
  }

  private static Optional<EarlySettings> read(Map<String, String> settings) {
    AtomicReference<Optional<EarlySettings>> read = new AtomicReference<>();
    ConfigSourceFactory reader =
        context -> {
          read.set(EarlySettings.read(context));
          return List.of();
        };
    SmallRyeConfigBuilder builder =
        new SmallRyeConfigBuilder()
            .withMapping(GlimpseConfig.class) // adds the defaults
            .withConverters(new Converter<?>[] {new MemorySizeConverter(), new DurationConverter()})
            .withSources(new PropertiesConfigSource(settings, "test", 100))
            .withSources(reader);
    try {
      builder.build();
    } catch (ConfigValidationException e) {
      assertThat(read).as("it was read before it was refused").doesNotHaveNullValue();
    }
    return read.get();
  }
}
