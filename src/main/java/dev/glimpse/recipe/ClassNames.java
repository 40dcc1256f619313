package dev.glimpse.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import dev.glimpse.repository.JsonFile;
import dev.glimpse.repository.LabelFile;
import dev.glimpse.repository.ModelFolder;
import dev.glimpse.repository.PropertiesFile;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Holds the names of a model's classes in its own language.
 *
 * @param labels in the order of the output
 * @param file the file they were read from, for messages
 * @param origin the file and the key, for people
 */
public record ClassNames(List<String> labels, String file, String origin) {

  /** Tells how to name the classes of a model whose files do not. */
  public static final String HOW_TO_NAME =
      "add a labels.txt with a line for each class, or id2label to config.json";

  private static final String ID_TO_LABEL = "id2label";

  /** How many keys a message lists. */
  private static final int SOME = 8;

  private static final String LABELS = "labels.txt";
  private static final String SYNSET = "synset.txt";
  private static final String ENGLISH = "labels.en.txt";

  /** The key that Ultralytics uses in the graph's metadata. */
  private static final String NAMES = "names";

  /**
   * Reads the names from the first of these files that has any: {@code config.json}, what {@code
   * serving.properties} or {@code config.pbtxt} names, {@code labels.txt}, {@code synset.txt},
   * {@code labels.en.txt}. timm's models for ImageNet-1k that have none of them get the names of
   * its classes.
   *
   * @param config the folder's {@code config.json}, if it has one
   */
  static Optional<ClassNames> read(ModelFolder folder, @Nullable JsonFile config) {
    if (config != null) {
      if (config.find(ID_TO_LABEL) != null) {
        return Optional.of(id2label(config));
      }
      Optional<List<String>> timm = TimmLabels.read(config);
      if (timm.isPresent()) {
        return Optional.of(
            new ClassNames(timm.get(), config.name(), config.name() + ": label_names"));
      }
    }
    if (Files.exists(folder.file(ModelFolder.SERVING))) {
      Optional<ClassNames> serving = serving(folder);
      if (serving.isPresent()) {
        return serving;
      }
    }
    Optional<ClassNames> triton = TritonConfig.labels(folder);
    if (triton.isPresent()) {
      return triton;
    }
    for (String name : List.of(LABELS, SYNSET, ENGLISH)) {
      if (Files.exists(folder.file(name))) {
        return Optional.of(new ClassNames(LabelFile.read(folder, name), name, name));
      }
    }
    return ImageNetNames.of(config);
  }

  /**
   * Returns the names that transformers gives classes without any.
   *
   * @param count how many classes there are
   */
  public static ClassNames numbered(int count) {
    List<String> labels = IntStream.range(0, count).mapToObj(i -> "LABEL_" + i).toList();
    return new ClassNames(labels, JsonFile.DEFAULT, JsonFile.DEFAULT + "; " + HOW_TO_NAME);
  }

  /** Returns whether the names are those of ImageNet-1k, inferred from the number of classes. */
  public boolean inferred() {
    return file.equals(ImageNetNames.NAME);
  }

  /** Reads the names that the exporter wrote into the graph's metadata. */
  static Optional<ClassNames> of(Map<String, String> metadata) {
    return Optional.ofNullable(metadata.get(NAMES))
        .flatMap(PythonDict::read)
        .map(entries -> new ArrayList<>(entries.values()))
        .filter(names -> !names.isEmpty())
        .map(names -> new ClassNames(names, "the graph's metadata", "graph: metadata names"));
  }

  /** {@code "id2label": {"0": "daisy", …}}: every index from 0, in any order. */
  private static ClassNames id2label(JsonFile file) {
    JsonNode map = file.require(ID_TO_LABEL);
    if (!map.isObject() || map.isEmpty()) {
      throw file.wrong(ID_TO_LABEL, "an object with a label for each index");
    }
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < map.size(); i++) {
      JsonNode label = map.get(Integer.toString(i));
      if (label == null) {
        throw file.unservable(
            "\"id2label\" has %d entries and none for index %d: its keys are %s, and have to be 0 to %d"
                .formatted(map.size(), i, keys(map), map.size() - 1));
      }
      if (!label.isValueNode() || label.isNull()) {
        throw file.wrong(ID_TO_LABEL + "." + i, "a text");
      }
      labels.add(label.asText());
    }
    return new ClassNames(labels, file.name(), file.origin(ID_TO_LABEL));
  }

  /** Describes keys: their range if they are numbers without a gap, or else some of them. */
  private static String keys(JsonNode map) {
    List<String> keys = new ArrayList<>();
    map.fieldNames().forEachRemaining(keys::add);
    if (keys.stream().allMatch(key -> key.matches("\\d{1,9}"))) {
      keys.sort(Comparator.comparingInt(Integer::parseInt));
      int first = Integer.parseInt(keys.get(0));
      int last = Integer.parseInt(keys.get(keys.size() - 1));
      if (last - first == keys.size() - 1) {
        return "%d to %d".formatted(first, last);
      }
    }
    return String.join(", ", keys.subList(0, Math.min(SOME, keys.size())))
        + (keys.size() > SOME ? " …" : "");
  }

  /** DJL's: a list in the file itself, a file that it names, or {@code synset.txt}. */
  private static Optional<ClassNames> serving(ModelFolder folder) {
    PropertiesFile file = PropertiesFile.read(folder, ModelFolder.SERVING);
    if (file.find("synsetUrl") != null) {
      throw file.unservable(
          "synsetUrl is not supported; put the file into the folder as " + SYNSET);
    }
    List<String> written = file.list("synset");
    if (!written.isEmpty()) {
      return Optional.of(new ClassNames(written, file.name(), file.origin("synset")));
    }
    @Nullable String named = file.find("synsetFileName");
    if (named != null) {
      if (!folder.holds(named)) {
        throw file.wrong("synsetFileName", "a file in this folder");
      }
      return Optional.of(
          new ClassNames(
              LabelFile.read(folder, named),
              named,
              named + " by " + file.origin("synsetFileName")));
    }
    return Files.exists(folder.file(SYNSET))
        ? Optional.of(new ClassNames(LabelFile.read(folder, SYNSET), SYNSET, SYNSET))
        : Optional.empty();
  }
}
