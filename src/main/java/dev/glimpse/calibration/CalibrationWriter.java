package dev.glimpse.calibration;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.glimpse.postprocess.ScoreCalibration;
import dev.glimpse.recipe.CalibrationFile;
import dev.glimpse.recipe.DistanceTestConfig;
import dev.glimpse.repository.ModelFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;

/** Writes {@code calibration.json} beside a model, all of it or nothing. */
public final class CalibrationWriter {

  private CalibrationWriter() {}

  /**
   * Writes the file.
   *
   * @param files fingerprints of the files that were calibrated, taken before they were loaded
   * @return its path
   * @throws IOException if it cannot be written
   */
  public static Path write(ModelFolder folder, Map<String, String> files, Fit fit, double precision)
      throws IOException {
    Path file = folder.path().resolve(CalibrationFile.NAME);
    Path written = Files.createTempFile(folder.path(), ".calibration", ".tmp");
    try {
      store(written, json(files, fit, precision).toPrettyString() + "\n");
      readableAs(folder.graph(), written);
      move(written, file);
    } finally {
      Files.deleteIfExists(written);
    }
    return file;
  }

  /**
   * Has the text on the disk before the file gets its name, so that no crash leaves a part of it.
   */
  private static void store(Path file, String text) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  /** Temporary files are for their owner only. */
  private static void readableAs(Path graph, Path file) throws IOException {
    if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(file, Files.getPosixFilePermissions(graph));
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static ObjectNode json(Map<String, String> files, Fit fit, double precision) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    ObjectNode fingerprints = root.putObject(CalibrationFile.FILES);
    files.forEach(fingerprints::put);
    ScoreCalibration calibration = fit.calibration();
    root.put(CalibrationFile.TEMPERATURE, calibration.temperature());
    calibration.threshold().ifPresent(score -> root.put(CalibrationFile.THRESHOLD, (float) score));
    if (!calibration.classThresholds().isEmpty()) {
      ObjectNode classes = root.putObject(CalibrationFile.CLASS_THRESHOLDS);
      new TreeMap<>(calibration.classThresholds())
          .forEach((index, score) -> classes.put(Integer.toString(index), score.floatValue()));
    }
    calibration.margin().ifPresent(margin -> root.put(CalibrationFile.MARGIN, (float) margin));
    ObjectNode fitted = root.putObject("fitted");
    fitted.put("images", fit.fitted()).put("precision", precision);
    ObjectNode measured = CalibrationReport.measured(fit);
    fit.distance()
        .kept()
        .ifPresent(test -> {
          fitted.put("kept", test.share());
          measured.put("kept", CalibrationReport.rounded(test.kept()));
          root.set(DistanceTestConfig.DISTANCE, DistanceTestConfig.json(test.test()));
        });
    root.set("measured", measured);
    return root;
  }
}
