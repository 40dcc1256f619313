package dev.glimpse.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.support.Configs;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the settings of events mean, and what an operator reads of wrong ones. */
class SinksTest {

  private static final String SHAPE =
      "glimpse.events.overrides (K_CE_OVERRIDES) must be JSON such as"
          + " {\"extensions\":{\"name\":\"value\"}}.";

  @TempDir Path folder;

  @Test
  void aFileNeedsAFolder() {
    for (String wrong : List.of(folder + "/none/predictions.jsonl", folder.toString())) {
      assertThatThrownBy(() -> sink("file:" + wrong, Map.of()))
          .isInstanceOf(ConfigurationException.class)
          .hasMessage(
              "glimpse.events names the file %s, which is a folder or is in none; create its folder, or correct the setting.",
              wrong);
    }
    try (Sink sink = sink("file:" + folder + "/predictions.jsonl", Map.of())) {
      assertThat(sink.name()).isEqualTo("the file " + folder + "/predictions.jsonl");
    }
  }

  @Test
  void theHeaderComesFromOneOfThreePlaces() throws Exception {
    Path file = Files.writeString(folder.resolve("header"), "Bearer from-the-file\n");
    assertThat(sent("tom:sesame@", Map.of())).isEqualTo("authorization: [Basic dG9tOnNlc2FtZQ==]");
    assertThat(sent("", Map.of("glimpse.events.authorization", "Bearer sesame")))
        .isEqualTo("authorization: [Bearer sesame]");
    assertThat(sent("", Map.of("glimpse.events.authorization-file", file.toString())))
        .isEqualTo("authorization: [Bearer from-the-file]");
    assertThat(sent("", Map.of())).isNull();

    assertThatThrownBy(
            () -> sink("http://tom@host", Map.of("glimpse.events.authorization", "Bearer sesame")))
        .hasMessageStartingWith("The receiver of events needs one authorization: ")
        .hasMessageNotContaining("sesame");
  }

  private static String sent(String user, Map<String, String> settings) throws Exception {
    try (EventReceiver receiver = EventReceiver.start();
        Sink sink = sink("http://" + user + "127.0.0.1:" + receiver.port(), settings)) {
      sink.send(List.of(TestEvents.event("1")));
      return receiver.headers().stream()
          .filter(line -> line.startsWith("authorization"))
          .findFirst()
          .orElse(null);
    }
  }

  @Test
  void aWrongHeaderInAFileIsNotShown() throws Exception {
    Path file = Files.writeString(folder.resolve("header"), "sesame");
    assertThatThrownBy(
            () -> sink("http://host", Map.of("glimpse.events.authorization-file", file.toString())))
        .hasMessage(
            "glimpse.events.authorization-file names the file %s: it must hold a scheme, a space"
                + " and visible ASCII characters, such as Bearer ….",
            file);
  }

  @Test
  void knativesOverridesCountMoreThanExtensions() {
    Map<String, String> attributes =
        TestEvents.attributes(
                Map.of(
                    "glimpse.events.extensions",
                    "inferenceservicename=shop,team=a",
                    "glimpse.events.overrides",
                    "{\"extensions\": {\"team\": \"b\", \"stage\": \"c=d,e\", \"none\": \"\"}, \"more\": [{}]}"))
            .event(EventType.REQUEST, TestEvents.prediction("1"))
            .attributes();

    assertThat(attributes)
        .containsEntry("inferenceservicename", "shop")
        .containsEntry("team", "b")
        .containsEntry("stage", "c=d,e")
        .containsEntry("component", "predictor")
        .containsEntry("endpoint", "default")
        .doesNotContainKeys("none", "more", "dataschema");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"extensions\"",
        "{} {}",
        "{\"extensions\": []}",
        "{\"extensions\": {\"a\": 1}}",
        "{\"extensions\": {\"a\": {\"b\": \"c\"}}}",
        "{'extensions': {}}",
      })
  void wrongJsonStopsTheStart(String json) {
    assertThatThrownBy(() -> TestEvents.attributes(Map.of("glimpse.events.overrides", json + "}")))
        .as(json)
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(SHAPE);
  }

  @ParameterizedTest
  @CsvSource({"id", "Team", "a_b", "datacontenttype", "abcdefghijklmnopqrstu"})
  void aWrongNameStopsTheStart(String name) {
    assertThatThrownBy(() ->
            TestEvents.attributes(
                Map.of(
                    "glimpse.events.overrides", "{\"extensions\":{\"%s\":\"x\"}}".formatted(name))))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "glimpse.events.overrides (K_CE_OVERRIDES) names the attribute \"%s\"; a name must be 1 to 20 lower-case letters and digits, and none of CloudEvents' own.",
            name);
  }

  private static Sink sink(String target, Map<String, String> settings) {
    return Sinks.of(target, Configs.of(settings).events());
  }
}
