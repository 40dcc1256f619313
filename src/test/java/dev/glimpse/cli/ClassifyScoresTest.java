package dev.glimpse.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glimpse.support.Fixtures;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Classifies with groups, thresholds and a choice of labels. */
class ClassifyScoresTest {

  @TempDir Path folder;
  private Path model;
  private Path image;

  private record Ran(int status, String out, String err) {

    JsonNode json() throws IOException {
      return new ObjectMapper().readTree(out);
    }
  }

  @BeforeEach
  void copy() throws IOException {
    model = Files.createDirectories(folder.resolve("models/colors/1"));
    try (Stream<Path> files = Files.list(Fixtures.MODELS.resolve("colors/1"))) {
      for (Path file : files.toList()) {
        Files.copy(file, model.resolve(file.getFileName()));
      }
    }
    image = folder.resolve("yellow.png");
    Files.write(image, Fixtures.image("yellow.png"));
  }

  @Test
  void groupsAddUpTheScoresOfTheirClasses() throws Exception {
    Files.writeString(
        model.resolve("groups.json"),
        "{\"dark\": [\"black\"], \"warm\": [\"red\", \"yellow\"], \"all\": [\"0-5\"]}");

    JsonNode root = classify("--top-k", "6").json();

    assertThat(root.at("/groups").findValuesAsText("label")).containsExactly("all", "warm", "dark");
    double warm = 0;
    for (JsonNode one : root.get("predictions")) {
      boolean isWarm = one.get("label").asText().matches("red|yellow");
      warm += isWarm ? one.get("score").doubleValue() : 0;
    }
    assertThat(root.at("/groups/0/score").doubleValue()).isCloseTo(1, within(1e-6));
    assertThat(root.at("/groups/1/score").doubleValue()).isCloseTo(warm, within(1e-6));
    assertThat(classify("--labels", "red,blue", "--top-k", "2").json().at("/groups"))
        .as("as many as classes")
        .hasSize(2);
    assertThat(classify().json().at("/groups")).as("as many as classes").hasSize(1);
  }

  @Test
  void versionsShareGroups() throws Exception {
    Files.writeString(model.resolveSibling("groups.json"), "{\"warm\": [\"red\"]}");
    assertThat(classify().json().at("/groups/0/label").textValue()).isEqualTo("warm");
  }

  @Test
  void wrongGroupsAreNamed() throws Exception {
    Files.writeString(model.resolve("groups.json"), "{\"warm\": [\"pink\"]}");
    Ran ran = classify();
    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.err()).contains("groups.json: \"warm\" names \"pink\", which is no class");
  }

  @Test
  void onlyTheseLabelsAreNamed() throws Exception {
    JsonNode two =
        classify("--labels", "red, blue", "--renormalize", "--top-k", "2", "--threshold", "1")
            .json();

    assertThat(two.at("/predictions").findValuesAsText("label"))
        .containsExactlyInAnyOrder("red", "blue");
    assertThat(
            two.at("/predictions/0/score").doubleValue()
                + two.at("/predictions/1/score").doubleValue())
        .isCloseTo(1, within(1e-6));
    assertThat(two.get("uncertain").booleanValue()).isTrue();
    assertThat(two.get("uncertain_reason").textValue()).isEqualTo("low_score");
    assertThat(classify("--labels", "pink").err())
        .contains("--labels must name classes of \"colors\" by label or index");
    assertThat(classify("--renormalize").err()).contains("--renormalize must come with labels");
  }

  private Ran classify(String... options) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] arguments =
        Stream.of(
                Stream.of("classify", "--models", folder.resolve("models").toString()),
                Stream.of("--format", "jsonl"),
                Stream.of(options),
                Stream.of(image.toString()))
            .flatMap(part -> part)
            .toArray(String[]::new);
    int status = Commands.run(new PrintWriter(out), new PrintWriter(err), arguments);
    return new Ran(status, out.toString(), err.toString());
  }
}
