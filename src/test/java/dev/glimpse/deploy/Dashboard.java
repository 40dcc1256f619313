package dev.glimpse.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/** Reads {@code deploy/grafana/glimpse.json}. */
final class Dashboard {

  static final Path FILE = Path.of("deploy/grafana/glimpse.json");

  /** A query of a panel. */
  record Query(String panel, String expression) {

    /** Returns the expression with what Grafana puts in the place of variables. */
    String of(String model, String interval) {
      return expression
          .replace("$job", "glimpse")
          .replace("$namespace", ".*")
          .replace("$model", model)
          .replace("$__rate_interval", interval);
    }
  }

  private Dashboard() {}

  static JsonNode read() {
    try {
      return new ObjectMapper().readTree(FILE.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<JsonNode> panels() {
    return StreamSupport.stream(read().path("panels").spliterator(), false).toList();
  }

  static List<Query> queries() {
    List<Query> queries = new ArrayList<>();
    for (JsonNode panel : panels()) {
      for (JsonNode target : panel.path("targets")) {
        queries.add(new Query(panel.path("title").asText(), target.path("expr").asText()));
      }
    }
    return queries;
  }
}
