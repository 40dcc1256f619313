package dev.glimpse.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.engine.OnnxRuntimeEngine;
import dev.glimpse.failure.ServingException;
import dev.glimpse.metrics.ServingMetrics;
import dev.glimpse.model.ClassificationTask;
import dev.glimpse.model.Model;
import dev.glimpse.model.ModelLoader;
import dev.glimpse.postprocess.Activation;
import dev.glimpse.postprocess.DistanceTest;
import dev.glimpse.postprocess.RankedClasses;
import dev.glimpse.postprocess.ScoreCalibration;
import dev.glimpse.postprocess.Scoring;
import dev.glimpse.postprocess.Uncertainty;
import dev.glimpse.repository.FileFingerprint;
import dev.glimpse.repository.ModelFolder;
import dev.glimpse.support.Configs;
import dev.glimpse.support.Fixtures;
import dev.glimpse.workers.WorkerPool;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultOptionsTest {

  private static final GlimpseConfig CONFIG =
      Configs.of(Map.of("glimpse.models.path", Fixtures.MODELS.toString()));

  /** Of the six colors; the best is 0, by far. */
  private static final float[] OUTPUT = {9, 1, 0, 3, 0, 0};

  @TempDir Path folder;
  private final WorkerPool workers = new WorkerPool(CONFIG);
  private Model model;

  @BeforeEach
  void load() throws IOException {
    try (Stream<Path> files = Files.list(Fixtures.MODELS.resolve("colors/1"))) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
    Files.writeString(
        folder.resolve("calibration.json"),
        ("{\"files\": {\"model.onnx\": \"%s\"}, \"temperature\": 1.1, \"threshold\": 0.61,"
                + " \"class_thresholds\": {\"0\": 0.05}}")
            .formatted(FileFingerprint.of(folder.resolve("model.onnx"))));
    model =
        new ModelLoader(
                new OnnxRuntimeEngine(CONFIG),
                workers,
                new ServingMetrics(new SimpleMeterRegistry()),
                CONFIG)
            .load(new ModelFolder("colors", 1, folder));
  }

  @AfterEach
  void close() {
    model.close();
    workers.close();
  }

  private static ClassificationOptions best(ScoreOptions scores) {
    return new ClassificationOptions(Optional.of(1), Optional.empty(), List.of(), scores);
  }

  private ResultOptions options(OptionalDouble threshold, boolean renormalized, String... labels) {
    return ResultOptions.of(
        best(new ScoreOptions(threshold, List.of(labels), renormalized)), model);
  }

  private static RankedClasses answer(ResultOptions options) {
    return options.answer(OUTPUT, options.scores(OUTPUT));
  }

  /** With a threshold of the request's own, those of classes do not count. */
  @Test
  void aThresholdThatEqualsTheFilesHasAnotherKey() {
    ResultOptions files = options(OptionalDouble.empty(), false, "red", "blue");
    ResultOptions own = options(OptionalDouble.of(0.61), false, "red", "blue");
    assertThat(own.key()).isNotEqualTo(files.key());
  }

  @Test
  void keysOfManyLabelsAreShortAndTheirOwn() {
    String all =
        options(OptionalDouble.empty(), false, model.labels().own().toArray(String[]::new)).key();
    String some = options(OptionalDouble.empty(), false, "red", "blue").key();
    assertThat(all).hasSameSizeAs(some).isNotEqualTo(some);
    assertThat(options(OptionalDouble.empty(), true, "red", "blue").key()).isNotEqualTo(some);
    assertThat(options(OptionalDouble.empty(), false, "2", "0").key()).isEqualTo(some);
  }

  /** That the image shows one of two wrong classes is not certain. */
  @Test
  void theFilesThresholdsAreForScoresAmongAllClasses() {
    ResultOptions files = options(OptionalDouble.empty(), true, "1", "3");
    RankedClasses answer = answer(files);
    assertThat(answer.best().get(0).score()).isGreaterThan(0.7f);
    assertThat(answer.uncertainty()).contains(Uncertainty.LOW_SCORE);
    assertThat(answer(options(OptionalDouble.of(0.7), true, "1", "3")).uncertainty())
        .as("the caller's own is for the score that it sees")
        .isEmpty();
  }

  @Test
  void scoresOfAGraphThatEndsInSigmoidAreNotRenormalized() {
    Model independent = with(Activation.NONE, false);
    ClassificationOptions options =
        best(new ScoreOptions(OptionalDouble.empty(), List.of("red"), true));
    assertThatThrownBy(() -> ResultOptions.of(options, independent))
        .isInstanceOf(ServingException.class)
        .hasMessageContaining("independent of each other");
    assertThat(ResultOptions.of(options, with(Activation.NONE, true)).scoring().subset())
        .isPresent();
  }

  private Model with(Activation activation, boolean exclusive) {
    ClassificationTask task = model.classificationTask().orElseThrow();
    return new Model(
        "m",
        1,
        model.session(),
        Optional.of(
            new ClassificationTask(
                task.preprocessor(),
                activation,
                exclusive,
                task.labels(),
                task.batcher(),
                task.calibration(),
                task.distance(),
                task.groups(),
                task.featureGraph(),
                task.digest())),
        List::of);
  }

  /** As of tensors: that nothing was tested is not the same as that nothing was found. */
  @Test
  void withoutAVectorADistanceTestTellsNothing() {
    ResultOptions own = ResultOptions.of(model);
    DistanceTest test =
        new DistanceTest(
            "t", new float[] {1, 0}, new float[0][], new float[0], 1, new float[1][0], 1);
    ResultOptions distance =
        new ResultOptions(
            new Scoring(own.activation(), ScoreCalibration.NONE),
            OptionalDouble.empty(),
            Optional.of(test),
            true,
            1,
            own.language(),
            own.labels(),
            own.names(),
            own.groups());
    assertThat(distance.judges(true)).isTrue();
    assertThat(distance.judges(false)).isFalse();
    assertThat(own.judges(false)).as("by its thresholds").isTrue();
  }
}
