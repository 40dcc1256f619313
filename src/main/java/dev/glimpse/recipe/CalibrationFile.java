package dev.glimpse.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.postprocess.DistanceTest;
import dev.glimpse.postprocess.ScoreCalibration;
import dev.glimpse.repository.ExternalWeightFiles;
import dev.glimpse.repository.FileFingerprint;
import dev.glimpse.repository.JsonFile;
import dev.glimpse.repository.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * Reads {@code calibration.json}, which {@code models calibrate} writes beside a model: how its
 * scores become probabilities, and when a class is uncertain.
 */
public final class CalibrationFile {

  /** The file's name; versions do not share it. */
  public static final String NAME = "calibration.json";

  /** Has a fingerprint for the graph, and one for each of its files of weights. */
  public static final String FILES = "files";

  public static final String TEMPERATURE = "temperature";
  public static final String THRESHOLD = "threshold";
  public static final String CLASS_THRESHOLDS = "class_thresholds";
  public static final String MARGIN = "margin";

  private static final double LEAST_TEMPERATURE = 0.01;
  private static final double MOST_TEMPERATURE = 100;

  private final JsonFile file;
  private final Optional<DistanceTest> distance;

  private CalibrationFile(JsonFile file) {
    this.file = file;
    this.distance = DistanceTestConfig.read(file);
  }

  /**
   * Reads the file of a version's own folder.
   *
   * @param graph the exported graph
   * @return empty if there is no file
   * @throws dev.glimpse.failure.UnservableModelException if it was made for another model, or its
   *     distance test is wrong
   */
  public static Optional<CalibrationFile> open(ModelFolder folder, Path graph) {
    if (!Files.exists(folder.path().resolve(NAME), LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    JsonFile file = JsonFile.read(folder, NAME);
    requireSameModel(folder, graph, file);
    return Optional.of(new CalibrationFile(file));
  }

  /**
   * Returns how scores are calibrated, and when a class is uncertain.
   *
   * @param classes how many the model has
   * @param exclusive whether they exclude each other; otherwise scores have no temperature and no
   *     margin
   * @throws dev.glimpse.failure.UnservableModelException if a value is wrong
   */
  public ScoreCalibration scores(int classes, boolean exclusive) {
    double temperature = temperature(file);
    if (temperature != 1 && !exclusive) {
      throw file.unservable(
          "\"temperature\" is for scores that add up to 1, but this model's are independent of each"
              + " other; remove it");
    }
    OptionalDouble margin = threshold(file, MARGIN);
    if (margin.isPresent() && !exclusive) {
      throw file.unservable(
          "\"margin\" is for scores that add up to 1, but this model's are independent of each"
              + " other; remove it");
    }
    return new ScoreCalibration(
        temperature, threshold(file, THRESHOLD), classThresholds(file, classes), margin);
  }

  /** Returns the test for images that are unlike those of the classes. */
  public Optional<DistanceTest> distance() {
    return distance;
  }

  /**
   * Returns the fingerprints of a model's graph and weights, by their names in the graph's folder.
   *
   * @throws IOException if a file cannot be read
   */
  public static Map<String, String> fingerprints(ModelFolder folder, Path graph)
      throws IOException {
    Map<String, String> files = new TreeMap<>();
    String name = folder.path().relativize(graph).toString();
    files.put(name, FileFingerprint.of(graph).toString());
    for (String weights : ExternalWeightFiles.of(folder, name)) {
      files.put(weights, FileFingerprint.of(folder.path().resolve(weights)).toString());
    }
    return files;
  }

  private static void requireSameModel(ModelFolder folder, Path graph, JsonFile file) {
    JsonNode files = file.require(FILES);
    String name = folder.path().relativize(graph).toString();
    if (!files.isObject() || files.size() > 1000) {
      throw file.wrong(FILES, "an object of files and their fingerprints");
    }
    boolean same =
        files.has(name)
            && files.properties().stream()
                .allMatch(entry -> isSame(folder, entry.getKey(), entry.getValue().asText()));
    if (!same) {
      throw folder.unservable(
          "%s was made for another %s than the one beside it; run `models calibrate` again, or delete it"
              .formatted(NAME, name));
    }
  }

  private static boolean isSame(ModelFolder folder, String name, String written) {
    try {
      Optional<FileFingerprint> known = FileFingerprint.parse(written);
      return folder.holds(name)
          && known.isPresent()
          && known.get().isOf(folder.path().resolve(name));
    } catch (IOException e) {
      return false;
    }
  }

  private static double temperature(JsonFile file) {
    double temperature = file.number(TEMPERATURE, 1);
    if (!(temperature >= LEAST_TEMPERATURE && temperature <= MOST_TEMPERATURE)) {
      throw file.wrong(
          TEMPERATURE, "a number from %s to %s".formatted(LEAST_TEMPERATURE, MOST_TEMPERATURE));
    }
    return temperature;
  }

  private static OptionalDouble threshold(JsonFile file, String key) {
    if (file.find(key) == null) {
      return OptionalDouble.empty();
    }
    double threshold = file.number(key, 0);
    if (!isScore(threshold)) {
      throw file.wrong(key, "a number from 0 to 1, or 2 for always");
    }
    return OptionalDouble.of(threshold);
  }

  private static Map<Integer, Double> classThresholds(JsonFile file, int classes) {
    JsonNode written = file.find(CLASS_THRESHOLDS);
    Map<Integer, Double> thresholds = new HashMap<>();
    if (written == null) {
      return thresholds;
    }
    if (!written.isObject()) {
      throw wrongClassThresholds(file, classes);
    }
    for (Map.Entry<String, JsonNode> entry : written.properties()) {
      String index = entry.getKey();
      boolean known = index.matches("[0-9]{1,6}") && Integer.parseInt(index) < classes;
      if (!known || !entry.getValue().isNumber() || !isScore(entry.getValue().doubleValue())) {
        throw wrongClassThresholds(file, classes);
      }
      thresholds.put(Integer.parseInt(index), entry.getValue().doubleValue());
    }
    return thresholds;
  }

  private static UnservableModelException wrongClassThresholds(JsonFile file, int classes) {
    return file.wrong(
        CLASS_THRESHOLDS,
        "an object with numbers from 0 to 1, or 2 for always, for indices below %d, the number of classes"
            .formatted(classes));
  }

  private static boolean isScore(double value) {
    return (value >= 0 && value <= 1) || value == ScoreCalibration.ALWAYS_UNCERTAIN;
  }
}
