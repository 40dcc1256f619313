package dev.glimpse.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.preprocess.Preprocessing.Rgb;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object in a model folder, read key by key, so that each wrong value is named. A key whose
 * value is {@code null} counts as left out, as in Hugging Face's files.
 */
final class JsonFile {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final String ADD = "add it";

  private final ModelFolder folder;
  private final String name;
  private final JsonNode root;
  private final JsonNode own;
  private final String defaults;
  private final String mend;

  private JsonFile(
      ModelFolder folder, String name, JsonNode root, JsonNode own, String defaults, String mend) {
    this.folder = folder;
    this.name = name;
    this.root = root;
    this.own = own;
    this.defaults = defaults;
    this.mend = mend;
  }

  static JsonFile read(ModelFolder folder, String fileName) {
    String text = folder.read(fileName);
    try {
      JsonNode root = MAPPER.readTree(text);
      if (!root.isObject()) {
        throw folder.unservable(fileName + " holds no JSON object");
      }
      return new JsonFile(folder, fileName, root, root, Origins.DEFAULT, ADD);
    } catch (JsonProcessingException e) {
      throw folder.unservable(
          "%s is not valid JSON, see line %d"
              .formatted(fileName, e.getLocation() == null ? 1 : e.getLocation().getLineNr()),
          e);
    }
  }

  /**
   * The same file with values for keys that it leaves out.
   *
   * @param whose whose defaults these are, for people
   */
  JsonFile withDefaults(ObjectNode defaults, String whose) {
    ObjectNode merged = defaults.deepCopy();
    root.properties().stream()
        .filter(entry -> !entry.getValue().isNull())
        .forEach(entry -> merged.set(entry.getKey(), entry.getValue()));
    return new JsonFile(folder, name, merged, root, Origins.DEFAULT + " of " + whose, mend);
  }

  /** The same file, where another key would do as well as one that is missing. */
  JsonFile orElse(String key) {
    return new JsonFile(folder, name, root, own, defaults, ADD + ", or \"" + key + "\"");
  }

  /** What it is called in messages. */
  String name() {
    return name;
  }

  /**
   * Where the values of these keys are from, for people: {@code preprocessor_config.json: size}.
   * Keys that the file leaves out are not named, unless it leaves out all of them.
   */
  String origin(String... keys) {
    String written =
        Arrays.stream(keys)
            .filter(key -> own.hasNonNull(key.split("\\.", 2)[0]))
            .collect(Collectors.joining(", "));
    return written.isEmpty() ? defaults : name + ": " + written;
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

  /** Three numbers, one for each channel; a single one, in a list or not, is that of each. */
  Rgb numberAChannel(String key) {
    JsonNode node = require(key);
    int size = node.isArray() ? node.size() : 1;
    if (size != 1 && size != 3) {
      throw wrong(key, "three numbers, one a channel, or one for all");
    }
    float[] numbers = new float[size];
    for (int i = 0; i < size; i++) {
      JsonNode number = node.isArray() ? node.get(i) : node;
      if (!number.isNumber()) {
        throw wrong(key, "three numbers, one a channel, or one for all");
      }
      numbers[i] = number.floatValue();
    }
    return new Rgb(numbers[0], numbers[size / 2], numbers[size - 1]);
  }

  /** As above; what is divided by these must be more than nothing. */
  Rgb deviation(String key) {
    Rgb rgb = numberAChannel(key);
    if (!(rgb.red() > 0 && rgb.green() > 0 && rgb.blue() > 0)) {
      throw wrong(key, "three numbers above 0");
    }
    return rgb;
  }

  /** An object inside this one, as if it were a file. */
  JsonFile object(String key) {
    JsonNode node = require(key);
    if (!node.isObject()) {
      throw wrong(key, "an object");
    }
    return new JsonFile(folder, name + "'s \"" + key + "\"", node, node, defaults, mend);
  }

  JsonNode require(String key) {
    JsonNode node = find(key);
    if (node == null) {
      throw folder.unservable(name + " has no \"" + key + "\"; " + mend);
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
