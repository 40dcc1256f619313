package dev.glimpse.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.postprocess.ScoreCalibration;
import dev.glimpse.repository.FileFingerprint;
import dev.glimpse.repository.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CalibrationFileTest {

  @TempDir Path folder;
  private Path graph;

  @BeforeEach
  void write() throws IOException {
    graph = folder.resolve("model.onnx");
    Files.writeString(graph, "a graph");
  }

  private Optional<ScoreCalibration> read(String values) throws IOException {
    Files.writeString(
        folder.resolve(CalibrationFile.NAME),
        "{\"files\": {\"model.onnx\": \"%s\"}%s}".formatted(FileFingerprint.of(graph), values));
    return scores(new ModelFolder("m", 1, folder), graph, 3, true);
  }

  private static Optional<ScoreCalibration> scores(
      ModelFolder folder, Path graph, int classes, boolean exclusive) {
    return CalibrationFile.open(folder, graph).map(file -> file.scores(classes, exclusive));
  }

  @Test
  void valuesAreRead() throws IOException {
    assertThat(
            read(
                ", \"temperature\": 1.5, \"threshold\": 0.6, \"class_thresholds\": {\"2\": 0.7,"
                    + " \"0\": 1}"))
        .contains(new ScoreCalibration(1.5, OptionalDouble.of(0.6), Map.of(2, 0.7, 0, 1.0)));
    assertThat(read(", \"measured\": {\"any\": 1}")).contains(ScoreCalibration.NONE);
  }

  @Test
  void withoutAFileNothingIsCalibrated() {
    assertThat(scores(new ModelFolder("m", 1, folder), graph, 3, true)).isEmpty();
  }

  @Test
  void aThresholdMayBeAboveAllScores() throws IOException {
    ScoreCalibration always =
        read(", \"threshold\": 2, \"class_thresholds\": {\"1\": 2}").orElseThrow();
    assertThat(always.uncertainty(0, 1)).isPresent();
    assertThat(always.uncertainty(1, 1)).isPresent();
  }

  @Test
  void independentScoresHaveNoTemperature() throws IOException {
    ModelFolder model = new ModelFolder("m", 1, folder);
    read(", \"temperature\": 2");
    assertThatThrownBy(() -> scores(model, graph, 3, false))
        .isInstanceOf(UnservableModelException.class)
        .hasMessageContaining("\"temperature\" is for scores that add up to 1");
    read(", \"threshold\": 0.5");
    assertThat(scores(model, graph, 3, false)).isPresent();
  }

  @Test
  void versionsDoNotShareAFile() throws IOException {
    Path version = Files.createDirectories(folder.resolve("m/1"));
    Files.writeString(folder.resolve("m").resolve(CalibrationFile.NAME), "{}");
    assertThat(scores(new ModelFolder("m", 1, version), graph, 3, true)).isEmpty();
  }

  @Test
  void aFileOfAnotherGraphIsRefused() throws IOException {
    read("");
    Files.writeString(graph, "other!!");
    ModelFolder model = new ModelFolder("m", 1, folder);
    assertThatThrownBy(() -> scores(model, graph, 3, true))
        .isInstanceOf(UnservableModelException.class)
        .hasMessageContaining("calibration.json was made for another model.onnx");
    Files.delete(graph);
    assertThatThrownBy(() -> scores(model, graph, 3, true))
        .isInstanceOf(UnservableModelException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        ", \"temperature\": 0 | \"temperature\" is 0 and should be a number from 0.01 to 100",
        ", \"temperature\": 1000 | should be a number from 0.01 to 100",
        ", \"temperature\": \"1\" | should be a number",
        ", \"threshold\": 1.5 | \"threshold\" is 1.5 and should be a number from 0 to 1, or 2 for"
            + " always",
        ", \"class_thresholds\": {\"3\": 0.5} | for indices below 3, the number of classes",
        ", \"class_thresholds\": {\"0\": 3} | an object with numbers from 0 to 1",
        ", \"class_thresholds\": [0.5, 0.6] | an object with numbers from 0 to 1",
        ", \"class_thresholds\": {\"-1\": 0.5} | an object with numbers from 0 to 1",
      })
  void wrongValuesAreNamed(String values, String sentence) {
    assertThatThrownBy(() -> read(values))
        .isInstanceOf(UnservableModelException.class)
        .hasMessageContaining(sentence);
  }
}
