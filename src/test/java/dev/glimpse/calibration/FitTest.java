package dev.glimpse.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.glimpse.evaluation.Judgement;
import dev.glimpse.postprocess.Activation;
import dev.glimpse.postprocess.ScoreCalibration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FitTest {

  private static final Fit.Targets TARGETS = new Fit.Targets(0.95, 15, 1);

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
    Fit fit = Fit.of(drawn(6000, 8, times, 7), Activation.SOFTMAX, ScoreCalibration.NONE, TARGETS);

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
    Fit few = Fit.of(drawn(200, 8, 1, 11), Activation.SOFTMAX, ScoreCalibration.NONE, TARGETS);
    Fit many = Fit.of(drawn(20_000, 8, 1, 11), Activation.SOFTMAX, ScoreCalibration.NONE, TARGETS);

    assertThat(few.before().expectedError()).isCloseTo(few.chance(), within(0.06));
    assertThat(many.before().expectedError()).isCloseTo(many.chance(), within(0.006));
    assertThat(many.chance()).isLessThan(few.chance() / 5);
  }

  @Test
  void withoutMistakesTheScoresStayAsTheyAre() {
    List<LabeledOutput> right =
        IntStream.range(0, 40)
            .mapToObj(i -> new LabeledOutput("" + i, i % 2, new float[] {1 - i % 2, i % 2}))
            .toList();
    Fit fit = Fit.of(right, Activation.SOFTMAX, ScoreCalibration.NONE, TARGETS);
    assertThat(fit.calibration().temperature()).isEqualTo(1);
    assertThat(fit.choice()).isEqualTo(Temperature.Choice.AT_BOUND);
    assertThat(fit.after().logLoss()).isEqualTo(fit.before().logLoss());
    assertThat(CalibrationReport.text("m/1", List.of("a", "b"), fit))
        .contains("temperature 1.0000: unchanged, as these images bound none")
        .contains("no threshold, as these images are too few to show the precision")
        .contains("no distance test, as --keep was not given");
  }

  @Test
  void aTemperatureThatRaisesTheLogLossOfOtherImagesIsNotKept() {
    Set<Temperature.Choice> choices = new HashSet<>();
    for (int seed = 0; seed < 20; seed++) {
      Fit fit = Fit.of(drawn(40, 4, 1, seed), Activation.SOFTMAX, ScoreCalibration.NONE, TARGETS);
      choices.add(fit.choice());
      assertThat(fit.after().logLoss()).isLessThanOrEqualTo(fit.before().logLoss());
      assertThat(fit.calibration().changesScores())
          .isEqualTo(fit.choice() == Temperature.Choice.FITTED);
    }
    assertThat(choices).contains(Temperature.Choice.FITTED, Temperature.Choice.NO_HELP);
  }

  @Test
  void whatWasServedIsComparedWith() {
    ScoreCalibration served = ScoreCalibration.ofThreshold(OptionalDouble.of(0.7));
    Fit fit = Fit.of(drawn(400, 4, 2, 5), Activation.SOFTMAX, served, TARGETS);
    assertThat(fit.before().kept()).isBetween(0.2, 0.99);
  }

  /** A score of 1 or 0 is as far from one side as from the other, as it is served. */
  @ParameterizedTest
  @ValueSource(floats = {0, 1e-30f, 0.2f, 0.5f, 0.99f, 1})
  void twoProbabilitiesAreFittedAsTheyAreServed(float second) {
    double[] logits = TemperatureFit.logits(Activation.TWO, new float[] {second});
    double[] other = TemperatureFit.logits(Activation.TWO, new float[] {1 - second});
    assertThat(logits[1] - logits[0]).isCloseTo(other[0] - other[1], within(1e-4));
    for (double temperature : List.of(0.5, 2.0, 10.0)) {
      float[] served =
          new ScoreCalibration(temperature, OptionalDouble.empty(), Map.of())
              .scores(Activation.TWO, new float[] {second});
      assertThat((double) served[1])
          .isCloseTo(1 / (1 + Math.exp((logits[0] - logits[1]) / temperature)), within(1e-6));
    }
  }

  @Test
  void ranksAreThoseBeforeCalibration() {
    float[] logits = {1, Math.nextUp(1f)}; // equal after a division by 20
    ScoreCalibration flat = new ScoreCalibration(20, OptionalDouble.empty(), Map.of());
    float[] plain = {0.4f, 0.6f};
    assertThat(Judgement.of("", 1, plain, flat.scores(Activation.SOFTMAX, logits), 0))
        .satisfies(one -> {
          assertThat(one.predicted()).isEqualTo(1);
          assertThat(one.rank()).isEqualTo(1);
          assertThat(one.score()).isEqualTo(0.5);
        });
  }

  @Test
  void halvesHaveEachImageOnceAndShareOutEachClass() {
    List<Integer> images = IntStream.range(0, 101).boxed().toList();
    Halves<Integer> halves = Halves.of(images, i -> i % 5, 1);

    assertThat(halves.fitted()).hasSize(51).doesNotContainAnyElementsOf(halves.heldOut());
    assertThat(halves.heldOut()).hasSize(50);
    for (int group = 0; group < 5; group++) {
      int wanted = group;
      assertThat(halves.heldOut().stream().filter(i -> i % 5 == wanted).count()).isBetween(9L, 11L);
    }
    assertThat(Halves.of(images, i -> i % 5, 1)).isEqualTo(halves);
    assertThat(Halves.of(images, i -> i % 5, 2)).isNotEqualTo(halves);
    assertThat(Halves.of(images, i -> i, 1).heldOut()).as("one of each class").hasSize(50);
  }

  private static Judgement judged(double score, boolean right) {
    return new Judgement("", 0, right ? 0 : 1, score, 0, 1, 0, 1, 0);
  }

  @Test
  void thresholdIsTheLeastScoreWithThePrecision() {
    List<Judgement> judgements = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      judgements.add(judged(0.99 - i / 1000.0, true)); // down to 0.891
    }
    for (int i = 0; i < 100; i++) {
      judgements.add(judged(0.5 - i / 1000.0, i % 2 == 0)); // down to 0.401
    }
    assertThat(ThresholdFit.least(judgements, 0.96)).hasValue(0.5);
    assertThat(ThresholdFit.least(judgements, 0.6)).hasValue(0.5 - 99 / 1000.0);
    assertThat(ThresholdFit.least(judgements, 0.99)).isEmpty();
    assertThat(ThresholdFit.least(List.of(judged(0.9, false)), 0.5)).isEmpty();
    judgements.add(judged(0.891, false));
    judgements.add(judged(0.891, false));
    judgements.add(judged(0.891, false));
    assertThat(ThresholdFit.least(judgements, 0.95))
        .as("equal scores are on one side")
        .hasValue(0.99 - 98 / 1000.0);
  }

  /** Of three right answers, the share could be half as well. */
  @Test
  void fewImagesDoNotShowAPrecision() {
    List<Judgement> right = Collections.nCopies(72, judged(0.9, true));
    assertThat(ThresholdFit.least(right, 0.95)).isEmpty();
    assertThat(ThresholdFit.of(right, 0.95))
        .isEqualTo(new ThresholdFit(OptionalDouble.empty(), Map.of()));
    assertThat(ThresholdFit.of(Collections.nCopies(73, judged(0.9, true)), 0.95))
        .isEqualTo(new ThresholdFit(OptionalDouble.of(0.9), Map.of(0, 0.9)));
  }

  @Test
  void aPrecisionThatNoScoreGivesMakesAScoreOfOneUncertainToo() {
    ThresholdFit fit = ThresholdFit.of(Collections.nCopies(100, judged(1, false)), 0.9);
    ScoreCalibration calibration = new ScoreCalibration(1, fit.threshold(), fit.classes());
    assertThat(calibration.uncertainty(1, 1)).isPresent();
    assertThat(calibration.uncertainty(0, 1)).isPresent();
  }

  @Test
  void onlyClassesWithEnoughImagesGetTheirOwn() {
    List<Judgement> judgements = new ArrayList<>();
    for (int i = 0; i < ThresholdFit.LEAST_IMAGES; i++) {
      judgements.add(new Judgement("", 3, 3, 0.5, 0, 1, 0, 1, 0));
    }
    judgements.add(new Judgement("", 4, 5, 0.4, 0, 1, 0, 1, 0));
    ThresholdFit fit = ThresholdFit.of(judgements, 0.8);
    assertThat(fit.classes()).isEqualTo(Map.of(3, 0.5));
    assertThat(fit.threshold()).hasValue(0.5);
  }

  @Test
  void whatIsCertainHasThePrecision() {
    Fit fit =
        Fit.of(
            drawn(6000, 4, 2, 5),
            Activation.SOFTMAX,
            ScoreCalibration.NONE,
            new Fit.Targets(0.9, 15, 1));
    assertThat(fit.after().accuracyOfKept()).isBetween(0.89, 0.96);
    assertThat(fit.after().kept()).isBetween(0.1, 0.9);
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
