package dev.glimpse.api.http;

import static dev.glimpse.support.Polling.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.glimpse.support.DocumentedYaml;
import dev.glimpse.support.GoProgram;
import dev.glimpse.support.Service;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Reads the packaged service's log as Filebeat and Promtail do, by the rules in
 * docs/logs-and-traces.md.
 */
@Timeout(120)
class JsonLogIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ID = "json-log-1";

  @TempDir Path folder;

  /** Promtail's json stage: each expression is a path in the line's object. */
  @Test
  void promtailsRuleFindsItsFields() throws Exception {
    List<JsonNode> lines = linesOf("json");
    JsonNode rule = snippet("pipeline_stages").get("pipeline_stages");
    JsonNode expressions =
        StreamSupport.stream(rule.spliterator(), false)
            .filter(stage -> stage.has("json"))
            .findFirst()
            .orElseThrow()
            .at("/json/expressions");

    JsonNode failed = failedRequest(lines, "mdc");
    assertThat(expressions.properties())
        .isNotEmpty()
        .allSatisfy(expression -> {
          String path = "/" + expression.getValue().asText().replace('.', '/');
          assertThat(failed.at(path).isMissingNode()).as(path).isFalse();
        });
    assertThat(lines)
        .allSatisfy(line -> {
          assertThat(OffsetDateTime.parse(line.path("timestamp").asText())).isNotNull();
          assertThat(line.path("level").asText()).isNotEmpty();
          assertThat(line.path("message").isTextual()).isTrue();
        });
    assertThat(stackTraces(lines, "stackTrace")).isNotEmpty();
  }

  /** What Kubernetes writes goes through Promtail's own stages. */
  @Test
  @Tag("clients")
  @Timeout(900) // compiles them
  void promtailsStagesReadEachLine() throws Exception {
    String program = GoProgram.compile(Path.of("src/test/clients/promtail"));
    List<String> lines =
        linesOf("json").stream().map(line -> Instant.now() + " stdout F " + line).toList();
    Path input = Files.write(folder.resolve("lines"), lines);
    Path output = folder.resolve("entries");
    Path stages = folder.resolve("stages.yaml");
    Files.writeString(stages, DocumentedYaml.block("docs/logs-and-traces.md", "pipeline_stages"));
    Process promtail =
        new ProcessBuilder(program, stages.toString())
            .redirectInput(input.toFile())
            .redirectOutput(output.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(promtail.waitFor()).isZero();
    List<JsonNode> entries = Files.readAllLines(output).stream().map(JsonLogIT::object).toList();

    assertThat(entries).hasSameSizeAs(lines);
    for (JsonNode entry : entries) {
      JsonNode line = object(entry.path("line").asText());
      assertThat(OffsetDateTime.parse(entry.path("time").asText()))
          .isEqualTo(OffsetDateTime.parse(line.path("timestamp").asText()));
      assertThat(entry.at("/labels/level")).isEqualTo(line.path("level"));
      assertThat(entry.at("/labels/code").asText()).isEqualTo(line.at("/mdc/code").asText());
    }
    assertThat(entries.stream().map(entry -> entry.at("/labels/code").asText()))
        .contains("unsupported-media-type");
  }

  /** Filebeat's ndjson parser with expanded keys: a dot leads into an object. */
  @Test
  void filebeatsRuleFindsItsFields() throws Exception {
    List<JsonNode> lines = linesOf("ecs");
    JsonNode failed = failedRequest(lines, "labels");
    List<String> fields = new ArrayList<>();
    for (JsonNode processor : snippet("filebeat.inputs").get("processors")) {
      for (JsonNode field : processor.elements().next().path("fields")) {
        fields.add(field.path("from").asText());
      }
    }

    assertThat(fields)
        .isNotEmpty()
        .allSatisfy(field -> {
          assertThat(field).startsWith("labels.");
          assertThat(failed.path("labels").has(field.substring("labels.".length())))
              .as(field)
              .isTrue();
        });
    assertThat(lines)
        .allSatisfy(line -> {
          assertThat(OffsetDateTime.parse(line.path("@timestamp").asText())).isNotNull();
          assertThat(line.path("log.level").asText()).isNotEmpty();
          assertThat(line.path("message").isTextual()).isTrue();
          assertThat(line.path("ecs.version").asText()).isNotEmpty();
        });
    assertThat(stackTraces(lines, "error.stack_trace")).isNotEmpty();
  }

  /** Starts the service, lets a request fail, and reads the log, each of whose lines is JSON. */
  private static List<JsonNode> linesOf(String format) throws Exception {
    Map<String, String> settings =
        Map.of(
            "glimpse.models.path", "src/test/resources/models",
            "glimpse.log.format", format,
            // Where a request is refused is a stack of calls.
            "quarkus.log.category.\"dev.glimpse\".level", "TRACE");
    try (Service service = Service.start(settings)) {
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create("http://localhost:" + service.port() + "/predict?model=colors"))
              .header("Content-Type", "image/png")
              .header("X-Request-ID", ID)
              .header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
              .POST(HttpRequest.BodyPublishers.ofString("no\nimage"))
              .build();
      assertThat(
              HttpClient.newHttpClient()
                  .send(request, HttpResponse.BodyHandlers.discarding())
                  .statusCode())
          .isEqualTo(415);
      await().until(() -> service.log().contains("POST /predict 415"));
      return service.log().lines().map(JsonLogIT::object).toList();
    }
  }

  private static JsonNode object(String line) {
    try {
      JsonNode object = JSON.readTree(line);
      assertThat(object.isObject()).as(line).isTrue();
      return object;
    } catch (IOException e) {
      throw new AssertionError("This line is no JSON: " + line, e);
    }
  }

  private static JsonNode failedRequest(List<JsonNode> lines, String context) {
    JsonNode line =
        lines.stream()
            .filter(any -> any.path("message").asText().startsWith("POST /predict 415"))
            .findFirst()
            .orElseThrow();
    JsonNode fields = line.path(context);
    assertThat(fields.path("code").asText()).isEqualTo("unsupported-media-type");
    assertThat(fields.path("model").asText()).isEqualTo("colors");
    assertThat(fields.path("status").asText()).isEqualTo("415");
    assertThat(fields.path("bytes").asText()).isEqualTo("8");
    assertThat(fields.path("ms").asText()).matches("\\d+");
    assertThat(fields.path("request_id").asText()).isEqualTo(ID);
    assertThat(fields.path("trace_id").asText()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
    assertThat(fields.path("span_id").asText()).isEqualTo("b7ad6b7169203331");
    return line;
  }

  private static Stream<String> stackTraces(List<JsonNode> lines, String field) {
    return lines.stream()
        .map(line -> line.path(field).asText())
        .filter(text -> text.contains("\n\tat dev.glimpse."));
  }

  private static JsonNode snippet(String key) throws IOException {
    return new YAMLMapper().readTree(DocumentedYaml.block("docs/logs-and-traces.md", key));
  }
}
