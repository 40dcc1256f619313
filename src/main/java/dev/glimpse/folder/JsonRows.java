package dev.glimpse.folder;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.glimpse.postprocess.Classification;
import java.util.Optional;

/** Writes each row as a JSON object in a line; its predictions are those of the service. */
public final class JsonRows implements ReadableRows {

  private static final String START = "{\"file\":\"";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final String name;
  private final String version;

  /** Writes rows of a model. */
  public JsonRows(String name, int version) {
    this.name = name;
    this.version = Integer.toString(version);
  }

  @Override
  public String header() {
    return "";
  }

  @Override
  public String text(Row row) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("file", row.file()).put("model", name).put("version", version);
    if (!row.best().isEmpty()) {
      ArrayNode predictions = root.putArray("predictions");
      for (Classification one : row.best()) {
        ObjectNode prediction = predictions.addObject().put("label", one.label());
        if (one.name() != null) {
          prediction.put("name", one.name());
        }
        prediction.put("score", one.score()).put("index", one.index());
      }
      root.put("uncertain", row.uncertain());
      row.uncertainty().ifPresent(why -> root.put("uncertain_reason", why.code()));
      if (!row.groups().isEmpty()) {
        ArrayNode groups = root.putArray("groups");
        row.groups()
            .forEach(group ->
                groups.addObject().put("label", group.label()).put("score", group.score()));
      }
    }
    row.sortedTo().ifPresent(to -> root.put("sorted_to", to));
    row.problem()
        .ifPresent(
            why -> root.putObject("problem").put("code", why.code()).put("detail", why.detail()));
    return RowText.json(root.toString()) + "\n";
  }

  @Override
  public String written(String file) {
    return file;
  }

  @Override
  public String model() {
    return name + "/" + version;
  }

  @Override
  public boolean isTornBeginning(String line) {
    if (!line.startsWith(START)) {
      return START.startsWith(line);
    }
    try {
      MAPPER.readTree(line);
    } catch (JsonProcessingException e) {
      return true; // it is torn
    }
    return isOurs(line);
  }

  private boolean isOurs(String line) {
    try {
      return read(line).model().equals(model());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  @Override
  public Written read(String line) {
    try {
      JsonNode root = MAPPER.readTree(line);
      JsonNode file = root == null ? null : root.get("file");
      if (root == null || file == null || !file.isTextual()) {
        throw new IllegalArgumentException("has no \"file\"");
      }
      return new Written(
          file.textValue(),
          Optional.ofNullable(root.get("sorted_to")).map(JsonNode::asText),
          root.path("model").asText() + "/" + root.path("version").asText(),
          root.has("problem"));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("is no JSON", e);
    }
  }
}
