package dev.glimpse.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.glimpse.pipeline.Prediction;
import dev.glimpse.postprocess.Activation;
import dev.glimpse.postprocess.Classification;
import dev.glimpse.postprocess.TopK;
import dev.glimpse.postprocess.Uncertainty;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoggedPredictionTest {

  @Test
  void entropyIsThatOfAllClasses() {
    assertThat(logged(Activation.SOFTMAX, 1, 0.25f, 0.25f, 0.5f, 0).entropy().orElseThrow())
        .isCloseTo(1.5 * Math.log(2), within(1e-6));
    assertThat(logged(Activation.SOFTMAX, 1, 1, 0).entropy()).hasValue(0);
  }

  @Test
  void scoresThatAreNoProbabilitiesHaveNone() {
    assertThat(logged(Activation.SIGMOID, 1, 0.5f, 0.5f).entropy()).isEmpty();
    assertThat(logged(Activation.NONE, 1, 3, -1, 7).entropy()).isEmpty();
    assertThat(logged(Activation.NONE, 1, Float.NaN, 0.5f).entropy()).isEmpty();
  }

  @Test
  void uncertaintyIsThatOfTheResponse() {
    assertThat(logged(Activation.SOFTMAX, 1, 0.4f, 0.6f).uncertainty())
        .contains(Uncertainty.BELOW_CLASS_THRESHOLD);
  }

  @Test
  void marginIsBetweenTheBestTwo() {
    assertThat(logged(Activation.SOFTMAX, 3, 0.125f, 0.625f, 0.25f).margin()).hasValue(0.375);
    assertThat(logged(Activation.SOFTMAX, 1, 0.25f, 0.75f).margin()).isEmpty();
  }

  @Test
  void tenClassesAreKeptAtMost() {
    float[] scores = new float[1000];
    scores[7] = 1;

    LoggedPrediction many = logged(Activation.SOFTMAX, 1000, scores);
    assertThat(many.classes()).hasSize(10).first().extracting(Classification::index).isEqualTo(7);
    assertThat(many.bytes()).isGreaterThan(logged(Activation.SOFTMAX, 1, 1, 0).bytes());
  }

  @ParameterizedTest
  @CsvSource({
    "/predict, predict",
    "/predict/batch, predict-batch",
    "/v1/models/flowers:predict, kserve-v1",
    "/v2/models/flowers/infer, open-inference-v2",
    "/models/flowers, hugging-face",
    "/predictions/flowers/1, torchserve",
    "/predictions/flowers, torchserve",
    "/invocations, sagemaker",
    "/vertex/predict, vertex",
  })
  void protocolsAreNamedByTheirPaths(String path, String protocol) {
    assertThat(Protocol.of(path)).isEqualTo(protocol);
  }

  private static LoggedPrediction logged(Activation activation, int topK, float... scores) {
    List<String> labels = IntStream.range(0, scores.length).mapToObj(i -> "class-" + i).toList();
    return LoggedPrediction.of(
        "1",
        Instant.EPOCH,
        new Prediction(
            "request",
            "/predict",
            0,
            Optional.empty(),
            TestEvents.model(),
            activation,
            true,
            TopK.of(scores, topK, labels),
            Optional.of(Uncertainty.BELOW_CLASS_THRESHOLD),
            true,
            scores,
            Optional.empty(),
            TestEvents.TIMING,
            false));
  }
}
