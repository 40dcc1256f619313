package dev.glimpse.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import dev.glimpse.repository.JsonFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads class names as timm writes them: {@code label_names}, short ones such as {@code n02124075},
 * as a list or by index, and {@code label_descriptions}, readable names for some or all of them.
 * The keys stand beside {@code pretrained_cfg} or inside it.
 */
final class TimmLabels {

  private static final String NAMES = "label_names";
  private static final String DESCRIPTIONS = "label_descriptions";

  private TimmLabels() {}

  /** Returns each description, or the name if there is none; empty if the file has no names. */
  static Optional<List<String>> read(JsonFile config) {
    JsonNode names = find(config, NAMES);
    if (names == null) {
      return Optional.empty();
    }
    JsonNode descriptions = find(config, DESCRIPTIONS);
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      JsonNode name = names.isArray() ? names.get(i) : names.get(Integer.toString(i));
      if (name == null || !name.isTextual()) {
        throw config.unservable(
            "\"%s\" has %d entries and no text for index %d".formatted(NAMES, names.size(), i));
      }
      JsonNode description = descriptions == null ? null : descriptions.get(name.textValue());
      labels.add(description == null ? name.textValue() : description.asText());
    }
    if (labels.isEmpty()) {
      throw config.unservable("\"" + NAMES + "\" should be a list with a name for each class");
    }
    return Optional.of(labels);
  }

  private static @Nullable JsonNode find(JsonFile config, String key) {
    JsonNode beside = config.find(key);
    return beside != null ? beside : config.find(TimmConfig.KEY + "." + key);
  }
}
