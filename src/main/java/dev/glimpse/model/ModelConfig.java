package dev.glimpse.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.glimpse.postprocess.Labels;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What Hugging Face's or timm's {@code config.json} and the label files beside it say.
 *
 * @param labels the names of the classes
 * @param multiLabel whether a picture may show several classes at once
 */
record ModelConfig(Labels labels, boolean multiLabel) {

  private static final String PREFIX = "labels.";
  private static final String SUFFIX = ".txt";

  static ModelConfig read(ModelFolder folder) {
    JsonFile file = JsonFile.read(folder, ModelFolder.CONFIG);
    List<String> own = labels(file);
    Map<String, List<String>> translations = translations(folder);
    translations.forEach((language, labels) -> {
      if (labels.size() != own.size()) {
        throw folder.unservable(
            "%s%s%s has %d labels and %s has %d; they name the same classes"
                .formatted(
                    PREFIX, language, SUFFIX, labels.size(), ModelFolder.CONFIG, own.size()));
      }
    });
    JsonNode problemType = file.find("problem_type");
    boolean multiLabel =
        problemType != null && problemType.asText().equals("multi_label_classification");
    if (problemType != null
        && !multiLabel
        && !problemType.asText().equals("single_label_classification")) {
      throw file.wrong("problem_type", "single_label_classification or multi_label_classification");
    }
    return new ModelConfig(new Labels(own, translations), multiLabel);
  }

  private static List<String> labels(JsonFile file) {
    if (file.find("id2label") != null) {
      return id2label(file);
    }
    return TimmLabels.read(file).orElseGet(() -> id2label(file));
  }

  /** {@code "id2label": {"0": "daisy", …}}: every index from 0, in any order. */
  private static List<String> id2label(JsonFile file) {
    JsonNode map = file.require("id2label");
    if (!map.isObject() || map.isEmpty()) {
      throw file.wrong("id2label", "an object with a label for each index");
    }
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < map.size(); i++) {
      JsonNode label = map.get(Integer.toString(i));
      if (label == null || !label.isTextual()) {
        throw file.unservable(
            "\"id2label\" has %d entries and none for index %d; its keys are 0 to %d"
                .formatted(map.size(), i, map.size() - 1));
      }
      labels.add(label.asText());
    }
    return labels;
  }

  /** {@code labels.<language>.txt}: one label a line, in the order of the indices. */
  private static Map<String, List<String>> translations(ModelFolder folder) {
    Map<String, List<String>> translations = new TreeMap<>();
    try (DirectoryStream<Path> files =
        java.nio.file.Files.newDirectoryStream(folder.path(), PREFIX + "*" + SUFFIX)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        String tag = name.substring(PREFIX.length(), name.length() - SUFFIX.length());
        if (Locale.forLanguageTag(tag).toLanguageTag().equals("und")) {
          throw folder.unservable(
              name + ": \"" + tag + "\" is no language tag; rename it, e.g. to labels.zh.txt");
        }
        translations.put(
            tag.toLowerCase(Locale.ROOT),
            folder.read(name).strip().lines().map(String::strip).toList());
      }
    } catch (IOException e) {
      throw folder.unservable("the folder cannot be listed", e);
    }
    return translations;
  }
}
