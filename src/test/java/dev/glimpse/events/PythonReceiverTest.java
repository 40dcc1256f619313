package dev.glimpse.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.glimpse.support.Python;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The SDK of CloudEvents for Python reads what is sent in each mode; it decodes headers, too. */
@Tag("clients")
class PythonReceiverTest {

  private static final Path SCRIPTS = Path.of("src/test/clients");
  private static final String ODD = "größe \"100 %\" 花";

  @TempDir Path folder;

  @Test
  void eachModeIsTheSameEvent() throws Exception {
    CloudEvent event =
        TestEvents.attributes(Map.of("glimpse.events.extensions", "team=" + ODD))
            .event(EventType.PREDICTION, TestEvents.prediction("1"));
    List<String> read =
        read(
            request(EventFormat.headers(event), event.data()),
            request(Map.of("Content-Type", EventFormat.STRUCTURED), EventFormat.json(event)),
            request(Map.of("Content-Type", EventFormat.BATCH), EventFormat.batch(List.of(event))));

    assertThat(read).hasSize(3).allSatisfy(line -> assertThat(line).isEqualTo(read.get(0)));
    JsonNode attributes = EventReceiver.JSON.readTree(read.get(0)).get("attributes");
    event
        .attributes()
        .forEach((name, value) -> {
          if (!name.equals("time")) { // which Python writes in its own way
            assertThat(attributes.path(name).asText()).as(name).isEqualTo(value);
          }
        });
    assertThat(attributes.path("time").asText()).isEqualTo("2026-11-30 10:15:30.250000+00:00");
    assertThat(EventReceiver.JSON.readTree(read.get(0)).get("data"))
        .isEqualTo(EventReceiver.JSON.readTree(event.data()));
  }

  private List<String> read(String... requests) throws Exception {
    Python python = Python.with(SCRIPTS.resolve("events.txt"));
    Path in = Files.write(folder.resolve("requests"), List.of(requests));
    Path out = folder.resolve("events");
    Process reader =
        new ProcessBuilder(python.program("python"), SCRIPTS.resolve("events.py").toString())
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(reader.waitFor()).isZero();
    return Files.readAllLines(out, StandardCharsets.UTF_8);
  }

  private static String request(Map<String, String> headers, String body) throws Exception {
    return EventReceiver.JSON.writeValueAsString(Map.of("headers", headers, "body", body));
  }
}
