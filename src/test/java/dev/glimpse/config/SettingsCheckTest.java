package dev.glimpse.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsCheckTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "GLIMPSE_QUEUE_SIZ=5 | GLIMPSE_QUEUE_SIZ is not a setting. Did you mean"
            + " GLIMPSE_QUEUE_SIZE?",
        "GLIMPSE_MODELS_FLOWERS_TRAFIC=1 | GLIMPSE_MODELS_FLOWERS_TRAFIC is not a setting. Did you"
            + " mean GLIMPSE_MODELS_<MODEL>_TRAFFIC?",
        "GLIMPSE_SOMETHING_ELSE_ENTIRELY=1 | GLIMPSE_SOMETHING_ELSE_ENTIRELY is not a setting;"
            + " docs/configuration.md lists them.",
        "GLIMPSE_QUEUE_SIZE=abc | GLIMPSE_QUEUE_SIZE is \"abc\"; it must be a whole number from 0"
            + " to 100000.",
        "GLIMPSE_QUEUE_SIZE=-1 | GLIMPSE_QUEUE_SIZE is \"-1\"; it must be a whole number from 0 to"
            + " 100000.",
        "GLIMPSE_IMAGE_MAX_BYTES=10MB | GLIMPSE_IMAGE_MAX_BYTES is \"10MB\"; it must be a size in"
            + " bytes such as 512K, 10M or 1G.",
        "GLIMPSE_QUEUE_TIMEOUT=soon | GLIMPSE_QUEUE_TIMEOUT is \"soon\"; it must be a duration such"
            + " as 500ms, 5s or 2m from 1ms to 24h.",
        "GLIMPSE_IMAGE_DECODE=quick | GLIMPSE_IMAGE_DECODE is \"quick\"; it must be fast or exact.",
        "GLIMPSE_URL_ENABLED=ture | GLIMPSE_URL_ENABLED is \"ture\"; it must be true or false.",
        "GLIMPSE_GRPC_REFLECTION=ture | GLIMPSE_GRPC_REFLECTION is \"ture\"; it must be true or"
            + " false.",
        "GLIMPSE_GRPC_REFLEXION=true | GLIMPSE_GRPC_REFLEXION is not a setting. Did you mean"
            + " GLIMPSE_GRPC_REFLECTION?",
        "GLIMPSE_URL_PORTS=443,x | GLIMPSE_URL_PORTS is \"443,x\"; it must be a whole number from 1"
            + " to 65535; several are separated by commas.",
        "GLIMPSE_URL_HOSTS=a.b,- | GLIMPSE_URL_HOSTS is \"a.b,-\"; it must be a host name such as"
            + " images.example.com or *.example.com; several are separated by commas.",
        "GLIMPSE_ADMIN_TOKEN=short | GLIMPSE_ADMIN_TOKEN must be 16 to 1024 visible ASCII"
            + " characters without spaces.",
        "GLIMPSE_BATCHING_FLOWERS_MAX_DELAY=11s | GLIMPSE_BATCHING_FLOWERS_MAX_DELAY is \"11s\"; it"
            + " must be a duration such as 500ms, 5s or 2m from 0 to 10s.",
      })
  void wrongVariableStopsTheStart(String variable, String message) {
    int equals = variable.indexOf('=');
    assertThatThrownBy(() ->
            check(Map.of(variable.substring(0, equals), variable.substring(equals + 1)), Map.of()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GLIMPSE_SERVICE_HOST",
        "GLIMPSE_CANARY_SERVICE_PORT_HTTP",
        "GLIMPSE_PORT",
        "GLIMPSE_PORT_8080_TCP_ADDR",
        "GLIMPSE_MODELS_ROSE_GARDEN_TRAFFIC",
        "GLIMPSE_QUEUE_SIZE",
      })
  void variablesOfSettingsAndOfKubernetesPass(String variable) {
    check(Map.of(variable, "1"), Map.of());
  }

  @Test
  void wrongKeyStopsTheStart() {
    assertThatThrownBy(() -> check(Map.of(), Map.of("glimpse.quee.size", "5")))
        .hasMessage("glimpse.quee.size is not a setting. Did you mean glimpse.queue.size?");
    assertThatThrownBy(() -> check(Map.of(), Map.of("glimpse.drain.max", "x")))
        .hasMessageStartingWith("glimpse.drain.max is \"x\"; it must be a duration");
  }

  @Test
  void eachProblemHasALine() {
    assertThatThrownBy(
            () -> check(Map.of("GLIMPSE_QUEUE_SIZ", "1", "GLIMPSE_QUEUE_SIZE", "x\ny"), Map.of()))
        .message()
        .hasLineCount(2)
        .contains("\"x?y\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"99999", "-1", "http", "80 80"})
  void wrongPortNamesItsVariable(String port) {
    assertThatThrownBy(() -> check(Map.of("PORT", port), Map.of("quarkus.http.port", port)))
        .hasMessage("PORT is \"" + port + "\"; it must be a port from 0 to 65535.");
  }

  /** As Knative's SinkBinding sets them. */
  @Test
  void wrongSinkNamesItsVariable() {
    assertThatThrownBy(() -> check(Map.of("K_SINK", "sink"), Map.of("glimpse.events", "sink")))
        .hasMessageStartingWith("K_SINK must be an address such as https://");
    assertThatThrownBy(
            () -> check(Map.of("K_CE_OVERRIDES", "x"), Map.of("glimpse.events.overrides", "x")))
        .hasMessage(
            "K_CE_OVERRIDES is \"x\"; it must be JSON such as"
                + " {\"extensions\":{\"name\":\"value\"}}.");
  }

  @Test
  void wrongRouteNamesItsVariable() {
    assertThatThrownBy(() ->
            check(
                Map.of("AIP_HEALTH_ROUTE", "ping"), Map.of("glimpse.vertex.health-route", "ping")))
        .hasMessage("AIP_HEALTH_ROUTE is \"ping\"; it must be a path that begins with a slash.");
  }

  static java.util.List<Setting> settings() {
    return Settings.all();
  }

  private static final java.util.Set<String> ANY_TEXT =
      java.util.Set.of(
          "glimpse.models.path",
          "glimpse.models.verify",
          "glimpse.auth.keys",
          "glimpse.auth.jwt.keys",
          "glimpse.auth.jwt.issuer",
          "glimpse.auth.jwt.audience",
          "glimpse.auth.jwt.roles-claim",
          "glimpse.auth.jwt.roles-prefix",
          "glimpse.events.authorization-file",
          "glimpse.results.folder");

  /** A value that fits no type; a model's name and a path may be anything. */
  @ParameterizedTest
  @MethodSource("settings")
  void eachSettingRejectsAWrongValueInItsVariable(Setting setting) {
    if (ANY_TEXT.contains(setting.key())) {
      return; // what reads the folder or file says what is wrong with it, or a token is refused
    }
    String variable = setting.variable().replace("<MODEL>", "FLOWERS");
    assertThatThrownBy(() -> check(Map.of(variable, "!!"), Map.of()))
        .message()
        .hasLineCount(1)
        .startsWith(variable)
        .contains("must be")
        .doesNotContain("Exception", "SRCFG", "[", "null");
  }

  @Test
  void listsAllSettings() {
    assertThat(Settings.all())
        .hasSizeGreaterThan(35)
        .extracting(Setting::key)
        .doesNotHaveDuplicates();
  }

  private static void check(Map<String, String> environment, Map<String, String> properties) {
    new SmallRyeConfigBuilder()
        .addDefaultInterceptors()
        .withSources(new EnvConfigSource(environment, 300))
        .withSources(new PropertiesConfigSource(new TreeMap<>(properties), "test", 200))
        .withSources(new SettingsCheck(environment))
        .build();
  }
}
