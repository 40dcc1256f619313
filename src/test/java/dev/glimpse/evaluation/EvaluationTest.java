package dev.glimpse.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvaluationTest {

  private static final List<String> LABELS =
      List.of("red", "green", "blue", "white", "black", "grey");

  /** Eight images of three classes of six; two scores are alike in the last. */
  private static final float[][] SCORES = {
    {0.80f, 0.10f, 0.04f, 0.03f, 0.02f, 0.01f},
    {0.30f, 0.40f, 0.10f, 0.10f, 0.05f, 0.05f},
    {0.55f, 0.20f, 0.15f, 0.05f, 0.03f, 0.02f},
    {0.05f, 0.90f, 0.02f, 0.01f, 0.01f, 0.01f},
    {0.02f, 0.35f, 0.30f, 0.20f, 0.08f, 0.05f},
    {0.01f, 0.02f, 0.95f, 0.01f, 0.01f, 0.00f},
    {0.60f, 0.25f, 0.00f, 0.05f, 0.05f, 0.05f},
    {0.10f, 0.10f, 0.30f, 0.30f, 0.15f, 0.05f},
  };

  private static final int[] ACTUAL = {0, 0, 0, 1, 1, 2, 2, 2};

  private static Evaluation evaluation(float[][] scores) {
    List<Judgement> judgements = new ArrayList<>();
    for (int i = 0; i < ACTUAL.length; i++) {
      judgements.add(Judgement.of(i + ".jpg", ACTUAL[i], scores[i], 1000 * (i % 3)));
    }
    return new Evaluation("colors", 2, LABELS, judgements, List.of(), 10);
  }

  /** The expected numbers are scikit-learn 1.7.2's, by src/test/evaluation/scikit_learn.py. */
  @Test
  void figuresAreThoseOfScikitLearn() {
    Evaluation evaluation = evaluation(SCORES);
    Calibration calibration = evaluation.calibration();

    assertThat(evaluation.top1()).isEqualTo(0.75);
    assertThat(evaluation.top5()).isEqualTo(0.875);
    assertThat(evaluation.classScores())
        .containsExactly(
            new ClassScore(0, 3, 3, 2), new ClassScore(1, 2, 3, 2), new ClassScore(2, 3, 2, 2));
    assertThat(evaluation.classScores().stream().map(ClassScore::f1))
        .usingComparatorForType((a, b) -> Math.abs(a - b) < 1e-12 ? 0 : 1, Double.class)
        .containsExactly(2 / 3.0, 0.8, 0.8);
    assertThat(calibration.logLoss()).isCloseTo(5.059881928050459, within(1e-9));
    assertThat(calibration.brier()).isCloseTo(0.4537500025099146, within(1e-9));
    assertThat(calibration.expectedError()).isCloseTo(0.39375000447034836, within(1e-9));
  }

  @Test
  void scoresOnABoundBelongToTheLowerBin() {
    List<Judgement> judgements =
        List.of(
            Judgement.of("a", 0, new float[] {0.5f, 0.5f}, 0),
            Judgement.of("b", 0, new float[] {1, 0}, 0),
            Judgement.of("c", 1, new float[] {0.25f, 0.75f}, 0));

    assertThat(Calibration.of(judgements, 4).bins())
        .containsExactly(
            new Calibration.Bin(0.25, 0.5, 1, 0.5, 1),
            new Calibration.Bin(0.5, 0.75, 1, 0.75, 1),
            new Calibration.Bin(0.75, 1, 1, 1, 1));
  }

  @Test
  void equalScoresAreRankedByTheirIndex() {
    assertThat(Judgement.of("a", 1, new float[] {0.3f, 0.3f, 0.4f}, 0).rank()).isEqualTo(3);
    assertThat(Judgement.of("a", 0, new float[] {0.3f, 0.3f, 0.3f}, 0).rank()).isEqualTo(1);
  }

  @Test
  void nothingIsDividedByZero() {
    Evaluation empty = new Evaluation("colors", 2, LABELS, List.of(), List.of(), 15);

    assertThat(empty.top1()).isZero();
    assertThat(empty.calibration().expectedError()).isZero();
    assertThat(
            TextReport.of(
                new EvaluationReport(
                    "x", empty, java.util.Optional.empty(), java.util.Optional.empty())))
        .contains("colors/2 on 0 images");
    assertThat(Comparison.of(empty, empty, 100, 1).mcNemar()).isEqualTo(1);
  }

  /** The expected numbers are SciPy's binomtest(min(b, c), b + c).pvalue. */
  @ParameterizedTest
  @CsvSource({
    "10,2,0.03857421875",
    "0,0,1",
    "5,5,1",
    "0,10,0.001953125",
    "300,200,8.940066542253288e-06"
  })
  void mcNemarIsExact(int first, int second, double p) {
    Interval any = new Interval(0, 0);
    assertThat(new Comparison(1000, first, second, 0, 0, any, 0, any).mcNemar())
        .isCloseTo(p, within(p * 1e-9));
  }

  @Test
  void betterVersionIsCalledBetterAndEqualOnesAreNot() {
    List<Judgement> good = new ArrayList<>();
    List<Judgement> bad = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      good.add(Judgement.of("" + i, 0, new float[] {0.9f, 0.1f}, 0));
      bad.add(
          Judgement.of(
              "" + i, 0, i % 10 == 0 ? new float[] {0.2f, 0.8f} : new float[] {0.9f, 0.1f}, 0));
    }
    Evaluation first = new Evaluation("m", 2, List.of("a", "b"), good, List.of(), 15);
    Evaluation second = new Evaluation("m", 1, List.of("a", "b"), bad, List.of(), 15);

    Comparison compared = Comparison.of(first, second, 2000, 1);
    assertThat(compared.top1()).isCloseTo(0.1, within(1e-12));
    assertThat(compared.top1Interval().from()).isBetween(0.05, 0.08);
    assertThat(compared.top1Interval().to()).isBetween(0.12, 0.16);
    assertThat(Comparison.of(first, second, 2000, 1)).isEqualTo(compared);
    assertThat(Verdict.of("m/2", "m/1", compared)).startsWith("Yes, m/2 is better than m/1.");
    assertThat(Verdict.of("m/1", "m/2", Comparison.of(second, first, 2000, 1)))
        .startsWith("No, m/1 is worse than m/2.");
    assertThat(Verdict.of("m/1", "m/1", Comparison.of(second, second, 2000, 1)))
        .startsWith("m/1 and m/1 are right on the same images.");
    Comparison chance =
        new Comparison(
            100, 3, 2, 90, 0.01, new Interval(-0.03, 0.05), 0, compared.logLossInterval());
    assertThat(Verdict.of("m/2", "m/1", chance)).startsWith("These images do not show whether");
  }

  @Test
  void wilsonsIntervalIsThatOfSciPy() {
    Interval interval = Interval.wilson(180, 200);
    assertThat(interval.from()).isCloseTo(0.8505941875672826, within(1e-12));
    assertThat(interval.to()).isCloseTo(0.9343295513309041, within(1e-12));
  }

  @Test
  void intervalsOfSharesStayWithinThem() {
    for (int images = 1; images < 2000; images++) {
      assertThat(Interval.wilson(images, images).to()).isLessThanOrEqualTo(1);
      assertThat(Interval.wilson(0, images).from()).isNotNegative();
    }
  }

  @Test
  void scoresBeyondProbabilitiesComeIntoTheOuterBins() {
    List<Judgement> judgements =
        List.of(
            Judgement.of("a", 0, new float[] {-3, -4}, 0),
            Judgement.of("b", 0, new float[] {7, -4}, 0),
            Judgement.of("c", 0, new float[] {Float.NaN, Float.NaN}, 0));

    assertThat(Calibration.of(judgements, 4).bins().stream().map(Calibration.Bin::images))
        .containsExactly(2, 1);
  }

  @Test
  void figuresOfDistributionsNeedOne() {
    List<Judgement> independent = List.of(Judgement.of("a", 0, new float[] {0.9f, 0.8f}, 0));
    List<Judgement> exclusive = List.of(Judgement.of("a", 0, new float[] {0.9f, 0.1f}, 0));
    for (List<Judgement> judgements : List.of(independent, exclusive)) {
      Evaluation evaluation = new Evaluation("m", 1, List.of("a", "b"), judgements, List.of(), 15);
      EvaluationReport report =
          new EvaluationReport(
              "x",
              evaluation,
              Optional.of(evaluation),
              Optional.of(Comparison.of(evaluation, evaluation, 10, 1)));
      boolean distribution = judgements == exclusive;

      assertThat(TextReport.of(report).contains("Brier")).isEqualTo(distribution);
      assertThat(JsonReport.of(report).toString().contains("log_loss")).isEqualTo(distribution);
      assertThat(HtmlReport.of(report, file -> Optional.empty()).contains("log loss"))
          .isEqualTo(distribution);
      assertThat(TextReport.of(report)).doesNotContain("top-5"); // of two classes
      assertThat(JsonReport.of(report).toString()).doesNotContain("top_5");
    }
    assertThat(
            TextReport.of(
                new EvaluationReport("x", evaluation(SCORES), Optional.empty(), Optional.empty())))
        .contains("top-5     87.50 %");
  }

  @Test
  void modelsAreComparedOnTheImagesOfBoth() {
    Evaluation all = evaluation(SCORES);
    Evaluation some =
        new Evaluation("colors", 1, LABELS, all.judgements().subList(0, 1), List.of(), 10);
    EvaluationReport report =
        new EvaluationReport(
            "x", all, Optional.of(some), Optional.of(Comparison.of(all, some, 10, 1)));

    assertThat(HtmlReport.of(report, file -> Optional.empty()))
        .contains("<tr><th>top-1, in per cent</th><td>100.00</td><td>100.00</td><td>+0.00</td>");
  }

  @Test
  void namesDoNotReachTheTerminal() {
    Evaluation evaluation =
        new Evaluation("a\u001b[2J", 1, List.of("a", "b"), List.of(), List.of(), 15);
    assertThat(
            TextReport.of(
                new EvaluationReport("x\u202ey", evaluation, Optional.empty(), Optional.empty())))
        .doesNotContain("\u001b", "\u202e");
  }

  @Test
  void worstAndSlowestComeFirst() {
    Evaluation evaluation = evaluation(SCORES);

    assertThat(evaluation.worst(9).stream().map(Judgement::file)).containsExactly("6.jpg", "1.jpg");
    assertThat(evaluation.slowest(2).stream().map(Judgement::file))
        .containsExactly("2.jpg", "5.jpg");
    assertThat(evaluation.mistakes(9))
        .containsExactlyInAnyOrder(
            new Evaluation.Confusion(0, 1, 1), new Evaluation.Confusion(2, 0, 1));
  }
}
