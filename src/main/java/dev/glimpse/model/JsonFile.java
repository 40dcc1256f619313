package dev.glimpse.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.glimpse.failure.UnservableModelException;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object in a model folder, read key by key, so that each wrong value is named. A key whose
 * value is {@code null} counts as left out, as in Hugging Face's files.
 */
final class JsonFile {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final ModelFolder folder;
  private final String name;
  private final JsonNode root;

  private JsonFile(ModelFolder folder, String name, JsonNode root) {
    this.folder = folder;
    this.name = name;
    this.root = root;
  }

  static JsonFile read(ModelFolder folder, String fileName) {
    String text = folder.read(fileName);
    try {
      JsonNode root = MAPPER.readTree(text);
      if (!root.isObject()) {
        throw folder.unservable(fileName + " holds no JSON object");
      }
      return new JsonFile(folder, fileName, root);
    } catch (JsonProcessingException e) {
      throw folder.unservable(
          "%s is not valid JSON, see line %d"
              .formatted(fileName, e.getLocation() == null ? 1 : e.getLocation().getLineNr()),
          e);
    }
  }

  /** The same file with values for keys that it leaves out. */
  JsonFile withDefaults(ObjectNode defaults) {
    ObjectNode merged = defaults.deepCopy();
    root.properties().stream()
        .filter(entry -> !entry.getValue().isNull())
        .forEach(entry -> merged.set(entry.getKey(), entry.getValue()));
    return new JsonFile(folder, name, merged);
  }

  /** All keys and values. */
  JsonNode root() {
    return root;
  }

  /** A value, or null if it is left out. A dot in the key leads into an object. */
  @Nullable JsonNode find(String key) {
    JsonNode node = root.at("/" + key.replace('.', '/'));
    return node.isMissingNode() || node.isNull() ? null : node;
  }

  boolean flag(String key, boolean otherwise) {
    JsonNode node = find(key);
    if (node == null) {
      return otherwise;
    }
    if (!node.isBoolean()) {
      throw wrong(key, "true or false");
    }
    return node.booleanValue();
  }

  int positiveInt(String key) {
    JsonNode node = require(key);
    if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < 1) {
      throw wrong(key, "a positive whole number");
    }
    return node.intValue();
  }

  @Nullable String text(String key) {
    JsonNode node = find(key);
    if (node != null && !node.isTextual()) {
      throw wrong(key, "a text");
    }
    return node == null ? null : node.textValue();
  }

  double number(String key, double otherwise) {
    JsonNode node = find(key);
    if (node == null) {
      return otherwise;
    }
    if (!node.isNumber()) {
      throw wrong(key, "a number");
    }
    return node.doubleValue();
  }

  /** Three numbers, one for each channel. */
  float[] threeNumbers(String key) {
    JsonNode node = require(key);
    float[] numbers = new float[3];
    if (!node.isArray() || node.size() != 3) {
      throw wrong(key, "three numbers, one a channel");
    }
    for (int i = 0; i < 3; i++) {
      if (!node.get(i).isNumber()) {
        throw wrong(key, "three numbers, one a channel");
      }
      numbers[i] = node.get(i).floatValue();
    }
    return numbers;
  }

  JsonNode require(String key) {
    JsonNode node = find(key);
    if (node == null) {
      throw folder.unservable(name + " has no \"" + key + "\"; add it");
    }
    return node;
  }

  UnservableModelException wrong(String key, String expected) {
    return folder.unservable(
        "%s: \"%s\" is %s and should be %s".formatted(name, key, find(key), expected));
  }

  UnservableModelException unservable(String what) {
    return folder.unservable(name + ": " + what);
  }
}
