package dev.glimpse.postprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScoringTest {

  private static ScoreCalibration temperature(double temperature) {
    return new ScoreCalibration(temperature, OptionalDouble.empty(), Map.of());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.5, 0.93, 1.7, 20})
  void noTemperatureChangesTheRanks(double temperature) {
    Random random = new Random(1);
    Scoring scoring = new Scoring(Activation.SOFTMAX, temperature(temperature));
    for (int i = 0; i < 500; i++) {
      float[] logits = new float[10];
      for (int k = 0; k < logits.length; k++) {
        // some are equal, and some differ by less than scores can show
        logits[k] = random.nextInt(4) + random.nextInt(2) * Math.ulp(3f) * random.nextInt(3);
      }
      float[] plain = Activation.SOFTMAX.apply(logits);

      assertThat(scoring.ranked(logits, scoring.scores(logits), 10))
          .isEqualTo(TopK.of(10, k -> plain[k], 10));
    }
  }

  @Test
  void logitsAreDividedByTheTemperature() {
    float[] scores = temperature(2).scores(Activation.SOFTMAX, new float[] {2, 0});
    assertThat((double) scores[0]).isCloseTo(1 / (1 + Math.exp(-1)), within(1e-7));
    assertThat(temperature(2).scores(Activation.SIGMOID_OF_TWO, new float[] {2}))
        .usingElementComparator((a, b) -> Math.abs(a - b) < 1e-6 ? 0 : Float.compare(a, b))
        .containsExactly(scores[1], scores[0]);
  }

  /** A graph may end in its activation. */
  @Test
  void probabilitiesAreCalibratedAsTheirLogitsWouldBe() {
    float[] logits = {3, -1, 0.5f};
    float[] expected = temperature(1.7).scores(Activation.SOFTMAX, logits);
    float[] actual = temperature(1.7).scores(Activation.NONE, Activation.SOFTMAX.apply(logits));
    for (int i = 0; i < 3; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], within(1e-6f));
    }
    float[] one = temperature(0.7).scores(Activation.SIGMOID_OF_TWO, new float[] {1.5f});
    float[] two =
        temperature(0.7).scores(Activation.TWO, Activation.SIGMOID.apply(new float[] {1.5f}));
    assertThat(two[1]).isCloseTo(one[1], within(1e-6f));
  }

  @ParameterizedTest
  @EnumSource(Activation.class)
  void aTemperatureOfOneChangesNothing(Activation activation) {
    float[] output = activation.makesTwo() ? new float[] {0.3f} : new float[] {0.25f, 0.5f, 0.25f};
    assertThat(ScoreCalibration.NONE.scores(activation, output))
        .isEqualTo(activation.apply(output));
  }

  @Test
  void certaintiesBecomeNoNumbersThatAreNot() {
    for (float[] extreme : List.of(new float[] {1, 0, 0}, new float[] {0, 0, 0})) {
      for (float score : temperature(0.05).scores(Activation.NONE, extreme)) {
        assertThat(score).isBetween(0f, 1f);
      }
    }
    assertThat(temperature(0.05).scores(Activation.TWO, new float[] {1})[1]).isBetween(0f, 1f);
  }

  @Test
  void onlyAllowedClassesAreRanked() {
    float[] logits = {1, 5, 3, 2};
    Scoring some = subset(false, 0, 2, 3);
    assertThat(some.ranked(logits, some.scores(logits), 3)).containsExactly(2, 3, 0);
    assertThat(some.scores(logits)).isEqualTo(Activation.SOFTMAX.apply(logits));
  }

  @Test
  void renormalizedScoresAreThoseOfAModelWithFewerClasses() {
    Scoring some = subset(true, 0, 2, 3);
    float[] scores = some.scores(new float[] {1, 200, 3, 2}); // the others are 0 beside 200
    float[] fewer = Activation.SOFTMAX.apply(new float[] {1, 3, 2});
    assertThat(new float[] {scores[0], scores[2], scores[3]}).isEqualTo(fewer);
    Scoring none =
        new Scoring(Activation.NONE, ScoreCalibration.NONE, Optional.of(classes(true, 0, 1)));
    assertThat(none.scores(new float[] {0.3f, 0.1f, 0.6f})).containsExactly(0.75f, 0.25f, 0);
    assertThat(none.scores(new float[] {0, 0, 1})).containsExactly(0, 0, 0);
  }

  @Test
  void renormalizedScoresAreRankedWhereTheOthersLeaveThemNothing() {
    Scoring some =
        new Scoring(Activation.SOFTMAX, temperature(0.9), Optional.of(classes(true, 0, 2)));
    float[] logits = {1, 300, 3};
    assertThat(some.ranked(logits, some.scores(logits), 2)).containsExactly(2, 0);
  }

  private static Scoring subset(boolean renormalized, int... classes) {
    return new Scoring(
        Activation.SOFTMAX, ScoreCalibration.NONE, Optional.of(classes(renormalized, classes)));
  }

  private static ClassSubset classes(boolean renormalized, int... classes) {
    BitSet set = new BitSet();
    for (int one : classes) {
      set.set(one);
    }
    return new ClassSubset(set, renormalized);
  }

  @Test
  void aClassesOwnThresholdReplacesTheOneForAll() {
    ScoreCalibration calibration =
        new ScoreCalibration(1, OptionalDouble.of(0.7), Map.of(3, 0.9, 4, 0.1));
    assertThat(calibration.uncertainty(0, 0.7f)).isEmpty();
    assertThat(calibration.uncertainty(0, 0.69f)).contains(Uncertainty.LOW_SCORE);
    assertThat(calibration.uncertainty(3, 0.89f)).contains(Uncertainty.BELOW_CLASS_THRESHOLD);
    assertThat(calibration.uncertainty(4, 0.2f)).isEmpty();
    assertThat(calibration.uncertainty(0, Float.NaN)).contains(Uncertainty.LOW_SCORE);
    assertThat(ScoreCalibration.NONE.uncertainty(0, 0)).isEmpty();
  }

  @Test
  void groupsAddUpTheirClasses() {
    ClassGroups groups =
        new ClassGroups(
            List.of(
                new ClassGroups.Group("cat", List.of(0)),
                new ClassGroups.Group("dog", List.of(1, 2)),
                new ClassGroups.Group("pet", List.of(0, 1, 2))));
    float[] scores = {0.25f, 0.375f, 0.25f, 0.125f};
    assertThat(groups.scores(scores, i -> true, 2))
        .containsExactly(new GroupScore("pet", 0.875f, 2), new GroupScore("dog", 0.625f, 1));
    assertThat(groups.scores(scores, i -> i != 1, 5))
        .containsExactly(
            new GroupScore("pet", 0.5f, 2),
            new GroupScore("cat", 0.25f, 0),
            new GroupScore("dog", 0.25f, 1));
  }
}
