package dev.glimpse.events;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.glimpse.config.EventsConfig;
import dev.glimpse.failure.Printable;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the attributes that operators add to all events. */
final class Extensions {

  private static final Pattern NAME = Pattern.compile("[a-z0-9]{1,20}");

  private static final Set<String> RESERVED =
      Set.of(
          "specversion",
          "id",
          "source",
          "type",
          "subject",
          "time",
          "datacontenttype",
          "dataschema",
          "data");

  private static final String SHAPE =
      "glimpse.events.overrides (K_CE_OVERRIDES) must be JSON such as"
          + " {\"extensions\":{\"name\":\"value\"}}";

  private Extensions() {}

  /**
   * Returns the attributes of the settings, by name.
   *
   * @throws ConfigurationException if a name or the JSON is wrong
   */
  static Map<String, String> of(EventsConfig settings) {
    Map<String, String> extensions = new LinkedHashMap<>();
    for (String pair : settings.extensions().orElse(List.of())) {
      int equals = pair.indexOf('=');
      put(
          "glimpse.events.extensions",
          pair.substring(0, equals),
          pair.substring(equals + 1),
          extensions);
    }
    settings.overrides().ifPresent(json -> read(json, extensions));
    return extensions;
  }

  private static void put(
      String setting, String name, String value, Map<String, String> extensions) {
    if (!NAME.matcher(name).matches() || RESERVED.contains(name)) {
      throw new ConfigurationException(
          "%s names the attribute \"%s\"; a name must be 1 to 20 lower-case letters and digits, and none of CloudEvents' own."
              .formatted(setting, Printable.of(name)));
    }
    if (!value.isEmpty()) {
      extensions.put(name, value);
    }
  }

  private static void read(String text, Map<String, String> extensions) {
    try (JsonParser json = new JsonFactory().createParser(text)) {
      require(json.nextToken() == JsonToken.START_OBJECT);
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        boolean known = json.currentName().equals("extensions");
        JsonToken value = json.nextToken();
        if (known && value == JsonToken.START_OBJECT) {
          readExtensions(json, extensions);
        } else {
          require(!known || value == JsonToken.VALUE_NULL);
          json.skipChildren();
        }
      }
      require(json.currentToken() == JsonToken.END_OBJECT && json.nextToken() == null);
    } catch (IOException e) {
      throw new ConfigurationException(SHAPE + ".");
    }
  }

  private static void readExtensions(JsonParser json, Map<String, String> extensions)
      throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      require(json.nextToken() == JsonToken.VALUE_STRING);
      put("glimpse.events.overrides (K_CE_OVERRIDES)", name, json.getText(), extensions);
    }
  }

  private static void require(boolean right) {
    if (!right) {
      throw new ConfigurationException(SHAPE + ".");
    }
  }
}
