package dev.glimpse.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Reads {@code deploy/prometheus/alerts.yaml} and the test of its rules. */
final class AlertRules {

  static final Path FILE = Path.of("deploy/prometheus/alerts.yaml");
  static final Path TEST = Path.of("deploy/prometheus/alerts-test.yaml");

  private AlertRules() {}

  /** Reads a file, with what its aliases stand for. */
  static JsonNode read(Path file) {
    try {
      Object content =
          new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
      return new ObjectMapper().valueToTree(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All rules, recording ones included. */
  static List<JsonNode> all() {
    List<JsonNode> rules = new ArrayList<>();
    read(FILE).path("groups").forEach(group -> group.path("rules").forEach(rules::add));
    return rules;
  }

  static List<JsonNode> alerts() {
    return all().stream().filter(rule -> rule.has("alert")).toList();
  }

  static List<String> names() {
    return alerts().stream().map(rule -> rule.path("alert").asText()).toList();
  }
}
