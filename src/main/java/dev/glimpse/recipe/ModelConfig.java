package dev.glimpse.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import dev.glimpse.postprocess.Labels;
import dev.glimpse.repository.JsonFile;
import dev.glimpse.repository.LabelFile;
import dev.glimpse.repository.ModelFolder;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.IllformedLocaleException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * Holds what the files say about a model's output.
 *
 * @param names the classes in the model's own language; empty: the graph may name them
 * @param translations the same in other languages, by language tag
 * @param multiLabel whether an image may show several classes at once
 * @param uncertainBelow the score of the best class below which a prediction is uncertain, above 0,
 *     1 at most; empty: not said
 */
public record ModelConfig(
    Optional<ClassNames> names,
    Map<String, List<String>> translations,
    boolean multiLabel,
    OptionalDouble uncertainBelow) {

  /** Says nothing. */
  static final ModelConfig NONE =
      new ModelConfig(Optional.empty(), Map.of(), false, OptionalDouble.empty());

  static final String PROBLEM_TYPE = "problem_type";

  /** A key of Glimpse's own. */
  static final String UNCERTAIN_BELOW = "uncertain_below";

  private static final String PREFIX = "labels.";
  private static final String SUFFIX = ".txt";

  /**
   * Reads {@code config.json}, which a model need not have, and the files of labels.
   *
   * @throws dev.glimpse.failure.UnservableModelException if one of them has something wrong
   */
  public static ModelConfig read(ModelFolder folder) {
    JsonFile config =
        Files.exists(folder.file(ModelFolder.CONFIG))
            ? JsonFile.read(folder, ModelFolder.CONFIG)
            : null;
    return new ModelConfig(
        ClassNames.read(folder, config),
        translations(folder),
        config != null && multiLabel(config),
        config == null ? OptionalDouble.empty() : uncertainBelow(config));
  }

  /** Returns the names of the classes, from the files or else from the graph, if they have any. */
  public Optional<ClassNames> known(Map<String, String> metadata) {
    return names.or(() -> ClassNames.of(metadata));
  }

  /** Returns these names with their translations. */
  public Labels labels(ModelFolder folder, ClassNames own) {
    translations.forEach((language, labels) -> {
      if (labels.size() != own.labels().size()) {
        throw folder.unservable(
            "%s%s%s has %d labels and %s has %d; they name the same classes"
                .formatted(
                    PREFIX, language, SUFFIX, labels.size(), own.file(), own.labels().size()));
      }
    });
    return new Labels(own.labels(), translations);
  }

  private static boolean multiLabel(JsonFile file) {
    JsonNode problemType = file.find(PROBLEM_TYPE);
    if (problemType == null || problemType.asText().equals("single_label_classification")) {
      return false;
    }
    if (!problemType.asText().equals("multi_label_classification")) {
      throw file.wrong(PROBLEM_TYPE, "single_label_classification or multi_label_classification");
    }
    return true;
  }

  private static OptionalDouble uncertainBelow(JsonFile file) {
    if (file.find(UNCERTAIN_BELOW) == null) {
      return OptionalDouble.empty();
    }
    double score = file.number(UNCERTAIN_BELOW, 0);
    if (!(score > 0 && score <= 1)) {
      throw file.wrong(UNCERTAIN_BELOW, "a number above 0 and at most 1");
    }
    return OptionalDouble.of(score);
  }

  /** Uses the builder because {@code Locale.forLanguageTag} accepts {@code zh-CN.bak} in part. */
  private static boolean isLanguage(String tag) {
    try {
      Locale locale = new Locale.Builder().setLanguageTag(tag).build();
      return !locale.toLanguageTag().equals("und");
    } catch (IllformedLocaleException e) {
      return false;
    }
  }

  /** Reads {@code labels.<language>.txt}: one label per line, in the order of the indices. */
  private static Map<String, List<String>> translations(ModelFolder folder) {
    Map<String, List<String>> translations = new TreeMap<>();
    for (Path place : folder.folders()) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(place, PREFIX + "*" + SUFFIX)) {
        for (Path file : files) {
          addTranslation(folder, file.getFileName().toString(), translations);
        }
      } catch (IOException | DirectoryIteratorException e) {
        throw folder.unservable("the folder cannot be listed", e);
      }
    }
    return translations;
  }

  private static void addTranslation(
      ModelFolder folder, String name, Map<String, List<String>> translations) {
    String tag = name.substring(PREFIX.length(), name.length() - SUFFIX.length());
    if (!isLanguage(tag)) {
      throw folder.unservable(
          name + ": \"" + tag + "\" is not a language tag; rename it, e.g. to labels.zh.txt");
    }
    translations.put(tag.toLowerCase(Locale.ROOT), LabelFile.read(folder, name));
  }
}
