package dev.glimpse.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A file of {@code .github/workflows}. */
final class Workflow {

  static final Path FOLDER = Path.of(".github/workflows");

  private static final Pattern EXPRESSION = Pattern.compile("\\$\\{\\{ *([\\w.-]+) *}}");

  private final JsonNode tree;

  private Workflow(JsonNode tree) {
    this.tree = tree;
  }

  static Workflow read(Path file) throws IOException {
    return new Workflow(new YAMLMapper().readTree(Files.readString(file)));
  }

  /** Returns the steps of all jobs that have steps. */
  List<JsonNode> steps() {
    List<JsonNode> steps = new ArrayList<>();
    tree.path("jobs").forEach(job -> job.path("steps").forEach(steps::add));
    return steps;
  }

  /** Returns the workflows that jobs call. */
  List<String> called() {
    List<String> called = new ArrayList<>();
    tree.path("jobs")
        .forEach(job -> {
          if (job.has("uses")) {
            called.add(job.path("uses").asText());
          }
        });
    return called;
  }

  JsonNode job(String name) {
    return tree.path("jobs").path(name);
  }

  /** Returns the shell of steps that name none. */
  String shell() {
    return tree.at("/defaults/run/shell").asText();
  }

  /**
   * Returns the names and values of an object of texts, with the values of expressions in their
   * places.
   *
   * @param known the values by the expressions' names, such as {@code matrix.architecture}
   */
  static Map<String, String> resolved(JsonNode texts, Map<String, String> known) {
    Map<String, String> resolved = new LinkedHashMap<>();
    texts
        .properties()
        .forEach(entry -> resolved.put(entry.getKey(), resolved(entry.getValue().asText(), known)));
    return resolved;
  }

  private static String resolved(String text, Map<String, String> known) {
    return EXPRESSION
        .matcher(text)
        .replaceAll(expression -> {
          String value = known.get(expression.group(1));
          if (value == null) {
            throw new AssertionError("Nothing is known of " + expression.group());
          }
          return Matcher.quoteReplacement(value);
        });
  }
}
