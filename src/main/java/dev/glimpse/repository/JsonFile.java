package dev.glimpse.repository;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.glimpse.failure.UnservableModelException;
import java.util.Arrays;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a JSON object in a model folder key by key. A key whose value is {@code null} counts as
 * missing, as in Hugging Face's files; a dot in a key leads into an object. What is wrong is an
 * {@link UnservableModelException} that names the file, the key and the value.
 */
public final class JsonFile {

  /** Names the origin of a value that no file sets. */
  public static final String DEFAULT = "default";

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final String ADD = "add it";

  private final ModelFolder folder;
  private final String name;
  private final JsonNode root;
  private final JsonNode own;
  private final String defaults;
  private final String hint;

  private JsonFile(
      ModelFolder folder, String name, JsonNode root, JsonNode own, String defaults, String hint) {
    this.folder = folder;
    this.name = name;
    this.root = root;
    this.own = own;
    this.defaults = defaults;
    this.hint = hint;
  }

  /**
   * Reads a file.
   *
   * @throws UnservableModelException if it is missing, or is not a JSON object
   */
  public static JsonFile read(ModelFolder folder, String fileName) {
    String text = folder.read(fileName);
    try {
      JsonNode root = MAPPER.readTree(text);
      if (!root.isObject()) {
        throw folder.unservable(fileName + " is not a JSON object");
      }
      return new JsonFile(folder, fileName, root, root, DEFAULT, ADD);
    } catch (JsonProcessingException e) {
      throw folder.unservable(
          "%s is not valid JSON, see line %d"
              .formatted(fileName, e.getLocation() == null ? 1 : e.getLocation().getLineNr()),
          e);
    }
  }

  /**
   * Returns the same file with defaults for missing keys.
   *
   * @param whose the source of the defaults, for people
   */
  public JsonFile withDefaults(ObjectNode defaults, String whose) {
    ObjectNode merged = defaults.deepCopy();
    root.properties().stream()
        .filter(entry -> !entry.getValue().isNull())
        .forEach(entry -> merged.set(entry.getKey(), entry.getValue()));
    return new JsonFile(folder, name, merged, root, DEFAULT + " of " + whose, hint);
  }

  /** Returns the same file without the keys that do not count. */
  public JsonFile only(Predicate<String> counts) {
    return new JsonFile(folder, name, filter(root, counts), filter(own, counts), defaults, hint);
  }

  private static ObjectNode filter(JsonNode object, Predicate<String> counts) {
    ObjectNode filtered = MAPPER.createObjectNode();
    object.properties().stream()
        .filter(entry -> counts.test(entry.getKey()))
        .forEach(entry -> filtered.set(entry.getKey(), entry.getValue()));
    return filtered;
  }

  /** Returns the same file, whose errors about a missing key suggest another key as well. */
  public JsonFile orElse(String key) {
    return new JsonFile(folder, name, root, own, defaults, ADD + ", or \"" + key + "\"");
  }

  /** Returns the file's name in messages. */
  public String name() {
    return name;
  }

  /**
   * Names the origin of these keys' values, for people: {@code preprocessor_config.json: size},
   * with the keys that the file sets, or its defaults if it sets none.
   */
  public String origin(String... keys) {
    String written =
        Arrays.stream(keys)
            .filter(key -> own.hasNonNull(key.split("\\.", 2)[0]))
            .collect(Collectors.joining(", "));
    return written.isEmpty() ? defaults : name + ": " + written;
  }

  /** Returns all keys and values. */
  public JsonNode root() {
    return root;
  }

  /** Returns a value, or null if it is missing. */
  public @Nullable JsonNode find(String key) {
    JsonNode node = root.at("/" + key.replace('.', '/'));
    return node.isMissingNode() || node.isNull() ? null : node;
  }

  /**
   * Returns a boolean.
   *
   * @param otherwise is returned if it is missing
   * @throws UnservableModelException if it is anything else
   */
  public boolean flag(String key, boolean otherwise) {
    JsonNode node = find(key);
    if (node == null) {
      return otherwise;
    }
    if (!node.isBoolean()) {
      throw wrong(key, "true or false");
    }
    return node.booleanValue();
  }

  /**
   * Returns a whole number of 1 or more.
   *
   * @throws UnservableModelException if it is missing, or anything else
   */
  public int positiveInt(String key) {
    JsonNode node = require(key);
    if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < 1) {
      throw wrong(key, "a positive integer");
    }
    return node.intValue();
  }

  /**
   * Returns a string, or null if it is missing.
   *
   * @throws UnservableModelException if it is anything else
   */
  public @Nullable String text(String key) {
    JsonNode node = find(key);
    if (node != null && !node.isTextual()) {
      throw wrong(key, "a string");
    }
    return node == null ? null : node.textValue();
  }

  /**
   * Returns a number.
   *
   * @param otherwise is returned if it is missing
   * @throws UnservableModelException if it is anything else
   */
  public double number(String key, double otherwise) {
    JsonNode node = find(key);
    if (node == null) {
      return otherwise;
    }
    if (!node.isNumber()) {
      throw wrong(key, "a number");
    }
    return node.doubleValue();
  }

  /**
   * Returns a nested object as if it were a file.
   *
   * @throws UnservableModelException if it is missing, or is not an object
   */
  public JsonFile object(String key) {
    JsonNode node = require(key);
    if (!node.isObject()) {
      throw wrong(key, "an object");
    }
    return new JsonFile(folder, name + "'s \"" + key + "\"", node, node, defaults, hint);
  }

  /**
   * Returns a value.
   *
   * @throws UnservableModelException if it is missing
   */
  public JsonNode require(String key) {
    JsonNode node = find(key);
    if (node == null) {
      throw folder.unservable(name + " has no \"" + key + "\"; " + hint);
    }
    return node;
  }

  /**
   * Creates an error about a key's value.
   *
   * @param expected what it should be, such as "a positive integer"
   */
  public UnservableModelException wrong(String key, String expected) {
    return folder.unservable(
        "%s: \"%s\" is %s and should be %s".formatted(name, key, find(key), expected));
  }

  /** Creates an error about this file: part of a sentence, for the operator. */
  public UnservableModelException unservable(String what) {
    return folder.unservable(name + ": " + what);
  }
}
