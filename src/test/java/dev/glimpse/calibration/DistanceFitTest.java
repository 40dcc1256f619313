package dev.glimpse.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.glimpse.calibration.DistanceOutcome.Choice;
import dev.glimpse.postprocess.Activation;
import dev.glimpse.postprocess.DistanceTest;
import dev.glimpse.postprocess.ScoreCalibration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DistanceFitTest {

  private static final int STRONG = 20;

  /**
   * Draws vectors around a direction of each class, with more spread in the first 20 dimensions
   * than in others: the same directions for every seed.
   */
  static List<LabeledOutput> drawn(int images, int classes, int dimensions, long seed) {
    Random directions = new Random(99);
    double[][] centres = new double[Math.max(1, classes)][dimensions];
    for (double[] centre : centres) {
      Arrays.setAll(centre, i -> 3 + (i < STRONG ? directions.nextGaussian() : 0));
    }
    Random random = new Random(seed);
    List<LabeledOutput> drawn = new ArrayList<>();
    for (int i = 0; i < images; i++) {
      double[] centre = centres[i % centres.length];
      float[] vector = new float[dimensions];
      for (int d = 0; d < dimensions; d++) {
        double spread = d < STRONG ? 0.3 + 2.0 / (1 + d) : 0.05;
        vector[d] = (float) (centre[d] + random.nextGaussian() * spread);
      }
      drawn.add(new LabeledOutput("" + i, i % centres.length, new float[classes], vector));
    }
    return drawn;
  }

  private static Optional<DistanceFit> fit(List<LabeledOutput> images, int classes, double share) {
    return outcome(images, classes, share).fit();
  }

  private static DistanceOutcome outcome(List<LabeledOutput> images, int classes, double share) {
    return DistanceFit.of(Halves.of(images, LabeledOutput::actual, 1), "t", classes, share);
  }

  @Test
  void theWantedShareOfOtherImagesIsKept() {
    for (double share : List.of(0.8, 0.9, 0.95)) {
      DistanceFit fit = fit(drawn(3000, 5, 40, 3), 5, share).orElseThrow();
      assertThat(fit.kept()).isCloseTo(share, within(0.025));
      assertThat(fit.test().centres()).hasNumberOfRows(5);
    }
  }

  @Test
  void otherVectorsAreUnlike() {
    DistanceTest test = fit(drawn(600, 3, 20, 3), 3, 0.95).orElseThrow().test();
    Random random = new Random(5);
    int unlike = 0;
    for (int i = 0; i < 200; i++) {
      float[] other = new float[20];
      for (int d = 0; d < other.length; d++) {
        other[d] = (float) (3 + random.nextGaussian());
      }
      unlike += test.isUnlike(other) ? 1 : 0;
    }
    assertThat(unlike).isGreaterThan(190);
    assertThat(test.isUnlike(new float[20])).as("zeros").isTrue();
    float[] broken = drawn(1, 1, 20, 1).get(0).vector();
    assertThat(test.isUnlike(broken)).isFalse();
    broken[3] = Float.NaN;
    assertThat(test.isUnlike(broken)).isTrue();
  }

  /** It is the direction that counts, as for the last layer of most networks. */
  @Test
  void theLengthOfAVectorDoesNotMatter() {
    DistanceTest test = fit(drawn(600, 3, 20, 3), 3, 0.95).orElseThrow().test();
    float[] vector = drawn(1, 3, 20, 8).get(0).vector();
    float[] longer = vector.clone();
    for (int i = 0; i < longer.length; i++) {
      longer[i] *= 8;
    }
    assertThat(test.distance(longer)).isCloseTo(test.distance(vector), within(1e-4));
  }

  @Test
  void classesWithFewImagesShareOneMean() {
    List<LabeledOutput> images = drawn(600, 3, 20, 3);
    assertThat(fit(images, 4, 0.95).orElseThrow().test().centres()).hasNumberOfRows(1);
    List<LabeledOutput> more =
        Stream.concat(
                images.stream(),
                drawn(4, 1, 20, 4).stream()
                    .map(one -> new LabeledOutput("", 3, one.output(), one.vector())))
            .toList();
    assertThat(fit(more, 4, 0.95).orElseThrow().test().centres()).hasNumberOfRows(1);
  }

  @Test
  void fewImagesOrEqualOnesMakeNoTest() {
    assertThat(outcome(drawn(2 * DistanceFit.LEAST_IMAGES - 2, 1, 5, 1), 1, 0.9))
        .isEqualTo(DistanceOutcome.without(Choice.FEW_IMAGES));
    assertThat(fit(drawn(2 * DistanceFit.LEAST_IMAGES, 1, 5, 1), 1, 0.9)).isPresent();
    List<LabeledOutput> equal =
        drawn(100, 2, 5, 1).stream()
            .map(one -> new LabeledOutput("", one.actual(), one.output(), new float[] {1, 2, 3}))
            .toList();
    assertThat(outcome(equal, 2, 0.9)).isEqualTo(DistanceOutcome.without(Choice.EQUAL_VECTORS));
    List<LabeledOutput> none =
        drawn(100, 2, 5, 1).stream()
            .map(one -> new LabeledOutput("", one.actual(), one.output()))
            .toList();
    assertThat(outcome(none, 2, 0.9)).isEqualTo(DistanceOutcome.without(Choice.NO_VECTORS));
  }

  /** Distances of different tests are compared, so these have as many directions each. */
  @Test
  void fewImagesInManyDimensionsAreKeptToo() {
    List<LabeledOutput> others = drawn(1000, 3, 512, 77);
    double kept = 0;
    for (int seed = 1; seed <= 5; seed++) {
      List<LabeledOutput> fitted =
          Halves.of(drawn(120, 3, 512, seed), LabeledOutput::actual, 1).fitted();
      DistanceFit fit =
          DistanceFit.of(new Halves<>(fitted, others), "t", 3, 0.9).fit().orElseThrow();
      assertThat(fit.test().basis()).as("one for four of 40 images").hasNumberOfRows(10);
      kept += fit.kept() / 5;
    }
    assertThat(kept).isCloseTo(0.9, within(0.08));
  }

  @Test
  void aTestThatKeepsFewerImagesThanItShouldIsNotKept() {
    List<LabeledOutput> fitted = drawn(200, 3, 20, 3);
    List<LabeledOutput> others =
        drawn(200, 3, 20, 4).stream()
            .map(one -> new LabeledOutput("", one.actual(), one.output(), reversed(one.vector())))
            .toList();
    Halves<LabeledOutput> halves = new Halves<>(fitted, others);
    DistanceOutcome outcome = DistanceFit.of(halves, "t", 3, 0.9);
    assertThat(outcome.choice()).isEqualTo(Choice.TOO_STRICT);
    assertThat(outcome.fit()).isPresent();
    assertThat(outcome.kept()).isEmpty();
    Fit fit = fit(halves, outcome);
    assertThat(fit.after().kept()).isEqualTo(1);
    assertThat(CalibrationReport.text("m/1", List.of("a", "b", "c"), fit))
        .containsPattern("no distance test, as one that is to keep 90 % of the images kept [0-7]");
  }

  private static float[] reversed(float[] vector) {
    float[] reversed = new float[vector.length];
    for (int i = 0; i < vector.length; i++) {
      reversed[i] = vector[vector.length - 1 - i];
    }
    return reversed;
  }

  private static Fit fit(Halves<LabeledOutput> halves, DistanceOutcome outcome) {
    return Fit.of(
        halves,
        Activation.SOFTMAX,
        ScoreCalibration.NONE,
        new Fit.Targets(0.2, 15, 1), // a third of the answers is right, all with the same score
        outcome);
  }

  @Test
  void whatIsUnlikeTheClassesIsNotCertain() {
    Halves<LabeledOutput> halves = Halves.of(drawn(600, 3, 20, 3), LabeledOutput::actual, 1);
    DistanceOutcome outcome = DistanceFit.of(halves, "t", 3, 0.8);
    Fit fit = fit(halves, outcome);
    assertThat(fit.before().kept()).isEqualTo(1);
    assertThat(fit.after().kept())
        .isEqualTo(outcome.kept().orElseThrow().kept())
        .isBetween(0.7, 0.9);
  }

  @Test
  void theLeastDistanceIsTakenThatKeepsTheShare() {
    List<Double> distances = List.of(5.0, 1.0, 4.0, 2.0, 3.0);
    assertThat(DistanceFit.quantile(distances, 0.6)).isEqualTo(3);
    assertThat(DistanceFit.quantile(distances, 0.61)).isEqualTo(4);
    assertThat(DistanceFit.quantile(distances, 1)).isEqualTo(5);
    assertThat(DistanceFit.quantile(distances, 0.01)).isEqualTo(1);
  }

  @Test
  void eigenvectorsMakeTheMatrixAgain() {
    Random random = new Random(4);
    double[][] matrix = new double[12][12];
    for (int i = 0; i < 12; i++) {
      for (int j = 0; j <= i; j++) {
        matrix[i][j] = random.nextGaussian();
        matrix[j][i] = matrix[i][j];
      }
    }
    SymmetricEigen eigen = SymmetricEigen.of(matrix);
    assertThat(eigen.values()).isSortedAccordingTo((a, b) -> Double.compare(b, a));
    for (int i = 0; i < 12; i++) {
      for (int j = 0; j < 12; j++) {
        double made = 0;
        for (int k = 0; k < 12; k++) {
          made += eigen.values()[k] * eigen.vectors()[k][i] * eigen.vectors()[k][j];
        }
        assertThat(made).isCloseTo(matrix[i][j], within(1e-12));
      }
    }
  }

  /** Variances of 36, 9 and 4 along three known directions, and less along all others. */
  @Test
  void componentsAreThoseOfTheLargestVariance() {
    double[][] rows = new double[400][50];
    Random random = new Random(6);
    for (double[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        double spread = i == 7 ? 6 : i == 3 ? 3 : i == 20 ? 2 : 0.1;
        row[i] = spread * random.nextGaussian();
      }
    }
    double[][] found = PrincipalComponents.of(rows, 3);
    int[] expected = {7, 3, 20};
    for (int i = 0; i < 3; i++) {
      assertThat(Math.abs(found[i][expected[i]])).as("direction %d", i).isGreaterThan(0.97);
      for (int j = 0; j < 3; j++) {
        assertThat(PrincipalComponents.dot(found[i], found[j]))
            .isCloseTo(i == j ? 1 : 0, within(1e-9));
      }
    }
  }
}
