package dev.glimpse.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogFormatSourceTest {

  @ParameterizedTest
  @CsvSource({
    "text, false, ",
    "TEXT, false, ",
    "json, true, ",
    "ecs, true, ecs",
    "nonsense, false, ",
  })
  void formatSetsThatOfEveryHandler(String format, boolean json, String kind) {
    SmallRyeConfig config = config(Map.of("glimpse.log.format", format), 300);

    for (String handler : new String[] {"console", "file", "syslog", "socket"}) {
      String prefix = "quarkus.log." + handler + ".json.";
      assertThat(config.getValue(prefix + "enabled", Boolean.class)).isEqualTo(json);
      assertThat(config.getOptionalValue(prefix + "log-format", String.class))
          .isEqualTo(java.util.Optional.ofNullable(kind));
    }
  }

  /** The extension alone would write JSON. */
  @Test
  void textIsTheDefault() {
    assertThat(config(Map.of(), 300).getValue("quarkus.log.console.json.enabled", Boolean.class))
        .isFalse();
  }

  @Test
  void settingsOfTheFrameworkWin() {
    Map<String, String> own =
        Map.of("glimpse.log.format", "ecs", "quarkus.log.console.json.key-overrides", "MDC=mine");

    assertThat(config(own, 250).getValue("quarkus.log.console.json.key-overrides", String.class))
        .isEqualTo("MDC=mine");
  }

  private static SmallRyeConfig config(Map<String, String> settings, int ordinal) {
    return new SmallRyeConfigBuilder()
        .withSources(new PropertiesConfigSource(settings, "test", ordinal))
        .withSources(new LogFormatSource())
        .build();
  }
}
