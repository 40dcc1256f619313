package dev.glimpse.evaluation;

import dev.glimpse.failure.Printable;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;

/** Writes a report for a terminal. */
public final class TextReport {

  private static final int WIDEST = 32;

  private final StringBuilder text = new StringBuilder();

  private TextReport() {}

  /** Returns the report, of several lines. */
  public static String of(EvaluationReport report) {
    TextReport writer = new TextReport();
    report.verdict().ifPresent(verdict -> writer.line("%s%n", Printable.of(verdict)));
    writer.evaluation(report.evaluation(), report.dataset());
    report.against().ifPresent(other -> writer.summary(other, report.dataset()));
    return writer.text.toString();
  }

  private void evaluation(Evaluation evaluation, String dataset) {
    summary(evaluation, dataset);
    classes(evaluation);
    mistakes(evaluation);
    images(evaluation);
    failures(evaluation);
  }

  private void summary(Evaluation evaluation, String dataset) {
    Calibration calibration = evaluation.calibration();
    Interval interval = evaluation.top1Interval();
    line(
        "%s on %d images of %s",
        Printable.of(evaluation.name()), evaluation.images(), Printable.of(dataset));
    line(
        "  top-1     %.2f %%  (95 %% interval %.2f to %.2f)",
        100 * evaluation.top1(), 100 * interval.from(), 100 * interval.to());
    if (evaluation.hasTop5()) {
      line("  top-5     %.2f %%", 100 * evaluation.top5());
    }
    line(
        "  ECE       %.4f  (%d bins; the largest distance is %.4f)",
        calibration.expectedError(), evaluation.bins(), calibration.maximumError());
    if (evaluation.isDistribution()) {
      line("  Brier     %.4f", calibration.brier());
      line("  log loss  %.4f", calibration.logLoss());
    }
    line("  time      %.1f ms an image, wall time%n", evaluation.meanMillis());
  }

  private void classes(Evaluation evaluation) {
    List<ClassScore> scores = evaluation.classScores();
    int width =
        Math.min(
            WIDEST,
            scores.stream()
                .mapToInt(score -> evaluation.labels().get(score.index()).length())
                .max()
                .orElse(0));
    line("%s  SUPPORT  PRECISION  RECALL      F1", pad("CLASS", width));
    for (ClassScore score : scores) {
      line(
          "%s  %7d  %9.4f  %6.4f  %6.4f",
          pad(evaluation.labels().get(score.index()), width),
          score.support(),
          score.precision(),
          score.recall(),
          score.f1());
    }
    Averages macro = Averages.macro(scores);
    Averages weighted = Averages.weighted(scores);
    average("(mean)", macro, width, evaluation.images());
    average("(weighted)", weighted, width, evaluation.images());
    line("");
  }

  private void average(String name, Averages mean, int width, int images) {
    line(
        "%s  %7d  %9.4f  %6.4f  %6.4f",
        pad(name, width), images, mean.precision(), mean.recall(), mean.f1());
  }

  private void mistakes(Evaluation evaluation) {
    List<Evaluation.Confusion> mistakes = evaluation.mistakes(EvaluationReport.NAMED);
    if (!mistakes.isEmpty()) {
      line("Most frequent mistakes:");
      for (Evaluation.Confusion one : mistakes) {
        line(
            "  %5d  %s, taken for %s",
            one.images(), label(evaluation, one.actual()), label(evaluation, one.predicted()));
      }
      line("");
    }
  }

  private void images(Evaluation evaluation) {
    List<Judgement> worst = evaluation.worst(EvaluationReport.NAMED);
    if (!worst.isEmpty()) {
      line("Worst images, by the score of their own class:");
      for (Judgement one : worst) {
        line(
            "  %.4f  %s  %s, taken for %s with %.4f",
            one.probability(),
            Printable.of(one.file()),
            label(evaluation, one.actual()),
            label(evaluation, one.predicted()),
            one.score());
      }
      line("");
    }
    line("Slowest images:");
    for (Judgement one : evaluation.slowest(EvaluationReport.NAMED / 2)) {
      line("  %7.1f ms  %s", one.nanos() / 1e6, Printable.of(one.file()));
    }
    line("");
  }

  private void failures(Evaluation evaluation) {
    if (evaluation.failures().isEmpty()) {
      return;
    }
    line("Not classified: %d", evaluation.failures().size());
    evaluation.failures().stream()
        .limit(EvaluationReport.NAMED)
        .forEach(one -> line("  %s: %s", Printable.of(one.file()), Printable.of(one.detail())));
    line("");
  }

  private static String label(Evaluation evaluation, int index) {
    return Printable.of(evaluation.labels().get(index));
  }

  private static String pad(String label, int width) {
    String shown = Printable.of(label);
    return shown + " ".repeat(Math.max(0, width - shown.codePointCount(0, shown.length())));
  }

  @SuppressWarnings("AnnotateFormatMethod") // its annotation would be one more library
  private void line(String format, Object... values) {
    new Formatter(text, Locale.ROOT).format(format, values);
    text.append('\n');
  }
}
