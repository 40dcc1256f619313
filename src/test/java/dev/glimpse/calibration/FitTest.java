package dev.glimpse.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.glimpse.evaluation.Judgement;
import dev.glimpse.postprocess.Activation;
import dev.glimpse.postprocess.ScoreCalibration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FitTest {

  private static final Fit.Wishes WISHES = new Fit.Wishes(0.95, 15, 1);

  /** Draws labels by the softmax of logits, and then gives other logits: so many times as large. */
  static List<LabeledOutput> drawn(int images, int classes, double times, long seed) {
    Random random = new Random(seed);
    List<LabeledOutput> drawn = new ArrayList<>();
    for (int i = 0; i < images; i++) {
      float[] logits = new float[classes];
      for (int k = 0; k < classes; k++) {
        logits[k] = (float) (2 * random.nextGaussian());
      }
      float[] truth = Activation.SOFTMAX.apply(logits);
      double rest = random.nextDouble();
      int actual = 0;
      while (actual < classes - 1 && rest > truth[actual]) {
        rest -= truth[actual++];
      }
      for (int k = 0; k < classes; k++) {
        logits[k] *= (float) times;
      }
      drawn.add(new LabeledOutput("image " + i, actual, logits));
    }
    return drawn;
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.25, 1, 3})
  void theTemperatureIsFound(double times) {
    Fit fit = Fit.of(drawn(6000, 8, times, 7), Activation.SOFTMAX, WISHES);

    assertThat(fit.calibration().temperature()).isCloseTo(times, within(0.06 * times));
    assertThat(fit.after().expectedError()).isLessThan(0.03);
    assertThat(fit.after().accuracy()).isEqualTo(fit.before().accuracy());
    if (times != 1) {
      assertThat(fit.after().expectedError()).isLessThan(fit.before().expectedError() / 2);
      assertThat(fit.after().logLoss()).isLessThan(fit.before().logLoss());
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.25, 1, 3})
  void noOtherTemperatureHasALowerLogLoss(double times) {
    List<LabeledOutput> images = drawn(400, 5, times, 3);
    double best = TemperatureFit.of(images, Activation.SOFTMAX);
    double least = logLoss(images, best);
    for (double factor : List.of(0.5, 0.9, 0.99, 1.01, 1.1, 2.0)) {
      assertThat(logLoss(images, best * factor)).isGreaterThan(least);
    }
  }

  private static double logLoss(List<LabeledOutput> images, double temperature) {
    double sum = 0;
    for (LabeledOutput image : images) {
      double weights = 0;
      for (float logit : image.output()) {
        weights += Math.exp(logit / temperature);
      }
      sum += Math.log(weights) - image.output()[image.actual()] / temperature;
    }
    return sum / images.size();
  }

  /** Of scores that are perfect, the error is what chance makes it, and falls with their number. */
  @Test
  void perfectScoresHaveTheErrorOfChance() {
    Fit few = Fit.of(drawn(200, 8, 1, 11), Activation.SOFTMAX, WISHES);
    Fit many = Fit.of(drawn(20_000, 8, 1, 11), Activation.SOFTMAX, WISHES);

    assertThat(few.before().expectedError()).isCloseTo(few.chance(), within(0.06));
    assertThat(many.before().expectedError()).isCloseTo(many.chance(), within(0.006));
    assertThat(many.chance()).isLessThan(few.chance() / 5);
  }

  @Test
  void withoutMistakesTheTemperatureIsBounded() {
    List<LabeledOutput> right =
        IntStream.range(0, 40)
            .mapToObj(i -> new LabeledOutput("" + i, i % 2, new float[] {1 - i % 2, i % 2}))
            .toList();
    Fit fit = Fit.of(right, Activation.SOFTMAX, WISHES);
    assertThat(fit.calibration().temperature()).isEqualTo(TemperatureFit.LEAST);
    assertThat(fit.after().kept()).isEqualTo(1);
  }

  @Test
  void halvesHaveEachImageOnceAndShareOutEachClass() {
    List<Integer> images = IntStream.range(0, 101).boxed().toList();
    Halves<Integer> halves = Halves.of(images, i -> i % 5, 1);

    assertThat(halves.fitted()).hasSize(51).doesNotContainAnyElementsOf(halves.held());
    assertThat(halves.held()).hasSize(50);
    for (int group = 0; group < 5; group++) {
      int wanted = group;
      assertThat(halves.held().stream().filter(i -> i % 5 == wanted).count()).isBetween(9L, 11L);
    }
    assertThat(Halves.of(images, i -> i % 5, 1)).isEqualTo(halves);
    assertThat(Halves.of(images, i -> i % 5, 2)).isNotEqualTo(halves);
    assertThat(Halves.of(images, i -> i, 1).held()).as("one of each class").hasSize(50);
  }

  private static Judgement judged(double score, boolean right) {
    return new Judgement("", 0, right ? 0 : 1, score, 0, 1, 0, 1, 0);
  }

  @Test
  void thresholdIsTheLeastScoreWithThePrecision() {
    List<Judgement> judgements =
        List.of(
            judged(0.9, true),
            judged(0.8, false),
            judged(0.7, true),
            judged(0.6, true),
            judged(0.5, false));
    assertThat(ThresholdFit.least(judgements, 0.75)).hasValue(0.6);
    assertThat(ThresholdFit.least(judgements, 0.6)).hasValue(0.5);
    assertThat(ThresholdFit.least(judgements, 1)).hasValue(0.9);
    assertThat(ThresholdFit.least(List.of(judged(0.9, false)), 0.5)).isEmpty();
    assertThat(ThresholdFit.least(List.of(judged(0.9, true), judged(0.9, false)), 0.9))
        .as("equal scores are on one side")
        .isEmpty();
  }

  @Test
  void onlyClassesWithEnoughImagesGetTheirOwn() {
    List<Judgement> judgements = new ArrayList<>();
    for (int i = 0; i < ThresholdFit.LEAST_IMAGES; i++) {
      judgements.add(new Judgement("", 3, 3, 0.5, 0, 1, 0, 1, 0));
    }
    judgements.add(new Judgement("", 4, 5, 0.4, 0, 1, 0, 1, 0));
    ThresholdFit fit = ThresholdFit.of(judgements, 0.99);
    assertThat(fit.classes()).isEqualTo(Map.of(3, 0.5));
    assertThat(fit.threshold()).isEqualTo(0.5);
  }

  @Test
  void whatIsCertainHasThePrecision() {
    Fit fit = Fit.of(drawn(6000, 4, 2, 5), Activation.SOFTMAX, new Fit.Wishes(0.9, 15, 1));
    assertThat(fit.after().accuracyOfKept()).isCloseTo(0.9, within(0.03));
    assertThat(fit.after().kept()).isBetween(0.3, 0.9);
    assertThat(fit.before().kept()).isEqualTo(1);
  }

  @Test
  void logitsOfOtherOutputsMakeTheSameFit() {
    List<LabeledOutput> images = drawn(500, 3, 2, 9);
    List<LabeledOutput> probabilities =
        images.stream()
            .map(one ->
                new LabeledOutput(one.file(), one.actual(), Activation.SOFTMAX.apply(one.output())))
            .toList();
    assertThat(TemperatureFit.of(probabilities, Activation.NONE))
        .isCloseTo(TemperatureFit.of(images, Activation.SOFTMAX), within(1e-3));
    ScoreCalibration half = new ScoreCalibration(0.5, OptionalDouble.empty(), Map.of());
    assertThat(images.get(0).judge(Activation.SOFTMAX, half).predicted())
        .isEqualTo(images.get(0).judge(Activation.SOFTMAX, ScoreCalibration.NONE).predicted());
  }
}
