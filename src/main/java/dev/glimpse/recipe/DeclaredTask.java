package dev.glimpse.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import dev.glimpse.repository.JsonFile;
import dev.glimpse.repository.LabelFile;
import dev.glimpse.repository.ModelFolder;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Holds what the files in a folder say about the model's task, as far as it can be told without
 * checking them.
 *
 * @param files the names of the files that say how to classify images
 * @param classes how many classes they name
 * @param architecture the architecture in {@code config.json} if it is for another task
 * @param output what finds the output with the scores
 */
public record DeclaredTask(
    List<String> files,
    Optional<Integer> classes,
    Optional<String> architecture,
    ScoresOutput output) {

  /** Files that say how images are preprocessed, or name the classes. */
  private static final List<String> FILES =
      List.of(
          ModelFolder.PREPROCESSOR,
          ModelFolder.PROCESSOR,
          ModelFolder.SERVING,
          "labels.txt",
          "synset.txt",
          "labels.en.txt");

  /** Architectures of transformers for other tasks, such as ViTModel or YolosForObjectDetection. */
  private static final Pattern OTHER =
      Pattern.compile(".*(Model|Backbone|WithProjection|For(?!.*ImageClassif)[A-Z]\\w*)");

  /**
   * Reads the files.
   *
   * @throws dev.glimpse.failure.UnservableModelException if {@code config.json} is not JSON
   */
  public static DeclaredTask read(ModelFolder folder) {
    List<String> files = new ArrayList<>();
    for (String name : FILES) {
      if (Files.exists(folder.file(name))) {
        files.add(name);
      }
    }
    TritonConfig.labelFile(folder).ifPresent(name -> files.add(0, name));
    JsonFile config =
        Files.exists(folder.file(ModelFolder.CONFIG))
            ? JsonFile.read(folder, ModelFolder.CONFIG)
            : null;
    Optional<Integer> classes = classes(folder, config, files);
    if (config != null && (names(config) != null || config.find(TimmConfig.KEY) != null)) {
      files.add(ModelFolder.CONFIG);
    }
    Optional<String> named =
        config == null ? Optional.empty() : Optional.ofNullable(config.text(ScoresOutput.KEY));
    return new DeclaredTask(files, classes, architecture(config), new ScoresOutput(named, classes));
  }

  private static Optional<Integer> classes(
      ModelFolder folder, @Nullable JsonFile config, List<String> files) {
    JsonNode names = config == null ? null : names(config);
    if (names != null && names.size() > 0) {
      return Optional.of(names.size());
    }
    for (String name : files) {
      if (name.endsWith(".txt")) {
        return Optional.of(LabelFile.read(folder, name).size());
      }
    }
    return Optional.empty();
  }

  private static @Nullable JsonNode names(JsonFile config) {
    for (String key : List.of("id2label", "label_names", TimmConfig.KEY + ".label_names")) {
      JsonNode names = config.find(key);
      if (names != null) {
        return names;
      }
    }
    return null;
  }

  private static Optional<String> architecture(@Nullable JsonFile config) {
    JsonNode names = config == null ? null : config.find("architectures");
    return names != null && names.size() > 0 && OTHER.matcher(names.get(0).asText()).matches()
        ? Optional.of(names.get(0).asText())
        : Optional.empty();
  }
}
