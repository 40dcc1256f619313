package dev.glimpse.evaluation;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * Writes a report as one page that needs nothing else: drawings and thumbnails are in it, and it
 * runs no script.
 */
public final class HtmlReport {

  private static final int THUMBNAILS = 24;

  private final EvaluationReport report;
  private final Evaluation evaluation;
  private final Function<String, Optional<String>> thumbnails;
  private final Html html = new Html();

  private HtmlReport(EvaluationReport report, Function<String, Optional<String>> thumbnails) {
    this.report = report;
    this.evaluation = report.evaluation();
    this.thumbnails = thumbnails;
  }

  /**
   * Returns the page.
   *
   * @param thumbnails returns the data URI of a small image of a file; empty if it cannot be read
   */
  public static String of(EvaluationReport report, Function<String, Optional<String>> thumbnails) {
    return new HtmlReport(report, thumbnails).page();
  }

  private String page() {
    List<ClassScore> scores = evaluation.classScores();
    html.add("<!DOCTYPE html>").add("<html lang=\"en\"><head><meta charset=\"utf-8\">");
    html.add(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">");
    html.add("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
    html.add("<title>%s on %s</title>", name(evaluation), Html.escape(report.dataset()));
    html.add("<style>").add(PageStyle.CSS).add("</style></head><body><main>");
    html.add(
        "<header><p class=\"kicker\">Evaluation</p><h1>%s</h1><p>%d images of %s%s</p></header>",
        name(evaluation),
        evaluation.images(),
        Html.escape(report.dataset()),
        evaluation.failures().isEmpty()
            ? ""
            : ", and %d that were not classified".formatted(evaluation.failures().size()));
    comparison();
    tiles();
    html.add("<div class=\"pair\">");
    calibration();
    confusion(scores);
    html.add("</div>");
    mistakes();
    classes(scores);
    slowest();
    failures();
    return html.add("</main></body></html>").toString();
  }

  private static String name(Evaluation evaluation) {
    return Html.escape(evaluation.name());
  }

  private void comparison() {
    if (report.comparison().isEmpty()) {
      return;
    }
    Evaluation other = report.against().orElseThrow();
    Comparison compared = report.comparison().get();
    String kind = compared.significant() ? (compared.top1() > 0 ? "good" : "bad") : "open";
    html.add(
        "<section class=\"verdict %s\"><h2>Is %s better than %s?</h2><p>%s</p>",
        kind, name(evaluation), name(other), Html.escape(report.verdict().orElse("")));
    html.add("<div class=\"scroll\"><table><thead><tr><th></th>");
    html.add("<th class=\"n\">%s</th><th class=\"n\">%s</th>", name(evaluation), name(other));
    html.add(
        "<th class=\"n\">difference</th><th class=\"n\">95 %% interval</th></tr></thead><tbody>",
        "");
    compare(evaluation.inCommon(other), other.inCommon(evaluation), compared);
    html.add("</tbody></table></div></section>");
  }

  /** Adds the figures of two models on the same images. */
  private void compare(Evaluation first, Evaluation second, Comparison compared) {
    row(
        "top-1, in per cent",
        100 * first.top1(),
        100 * second.top1(),
        2,
        Optional.of(compared.top1Interval().times(100)));
    if (report.hasLogLossOfBoth()) {
      row(
          "log loss",
          first.calibration().logLoss(),
          second.calibration().logLoss(),
          4,
          Optional.of(compared.logLossInterval()));
    }
    row(
        "calibration error",
        first.calibration().expectedError(),
        second.calibration().expectedError(),
        4,
        Optional.empty());
    row("milliseconds an image", first.meanMillis(), second.meanMillis(), 1, Optional.empty());
  }

  private void row(
      String name, double first, double second, int digits, Optional<Interval> interval) {
    html.add(
        "<tr><th>%s</th><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>",
        name,
        number(first, digits),
        number(second, digits),
        signed(first - second, digits),
        interval
            .map(range -> signed(range.from(), digits) + " to " + signed(range.to(), digits))
            .orElse(""));
  }

  private static String number(double value, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }

  private static String signed(double value, int digits) {
    return String.format(Locale.ROOT, "%+." + digits + "f", value).replace('-', '\u2212');
  }

  private void tiles() {
    Calibration calibration = evaluation.calibration();
    Interval interval = evaluation.top1Interval();
    html.add("<section class=\"tiles\">");
    tile(
        "top-1",
        number(100 * evaluation.top1(), 1) + " %",
        "95 % interval "
            + number(100 * interval.from(), 1)
            + " to "
            + number(100 * interval.to(), 1));
    if (evaluation.hasTop5()) {
      tile("top-5", number(100 * evaluation.top5(), 1) + " %", "right class among five");
    }
    tile(
        "calibration error",
        number(calibration.expectedError(), 3),
        "ECE in %d bins".formatted(evaluation.bins()));
    if (evaluation.isDistribution()) {
      tile("Brier", number(calibration.brier(), 3), "0 is best, 2 worst");
      tile("log loss", number(calibration.logLoss(), 3), "0 is best");
    }
    tile("time", number(evaluation.meanMillis(), 1) + " ms", "an image, wall time");
    html.add("</section>");
  }

  private void tile(String name, String value, String note) {
    html.add(
        "<div class=\"tile\"><span>%s</span><strong>%s</strong><small>%s</small></div>",
        name, value, note);
  }

  private void calibration() {
    html.add("<section><h2>Are scores probabilities?</h2>");
    html.add(ReliabilityDrawing.of(evaluation.calibration()));
    html.add(
        "<p class=\"note\">On the dashed line, as many images are right as the score says. Below it, the"
            + " model is too sure of itself; above it, too modest. Larger points stand for more images.</p>");
    html.add("</section>");
  }

  private void confusion(List<ClassScore> scores) {
    html.add("<section><h2>What is taken for what?</h2>");
    if (scores.size() <= ConfusionDrawing.MOST_CLASSES) {
      html.add(ConfusionDrawing.of(evaluation, scores));
      html.add(
          "<p class=\"note\">A row for each class of images, a column for what the model says. The fuller a"
              + " cell, the larger its share of the row.</p>");
    }
    List<Evaluation.Confusion> frequent = evaluation.mistakes(EvaluationReport.NAMED);
    if (scores.size() > ConfusionDrawing.MOST_CLASSES && !frequent.isEmpty()) {
      html.add("<div class=\"scroll\"><table><thead><tr><th>class</th><th>taken for</th>");
      html.add("<th class=\"n\">images</th></tr></thead><tbody>");
      for (Evaluation.Confusion one : frequent) {
        html.add(
            "<tr><td class=\"t\">%s</td><td class=\"t\">%s</td><td>%d</td></tr>",
            label(one.actual()), label(one.predicted()), one.images());
      }
      html.add("</tbody></table></div>");
    }
    html.add("</section>");
  }

  private void mistakes() {
    List<Judgement> worst = evaluation.worst(THUMBNAILS);
    html.add("<section><h2>Worst mistakes</h2>");
    if (worst.isEmpty()) {
      html.add("<p>Every image is right.</p></section>");
      return;
    }
    html.add("<div class=\"gallery\">");
    for (Judgement one : worst) {
      String file = Html.escape(one.file());
      html.add("<figure>");
      html.add(
          thumbnails
              .apply(one.file())
              .map(uri -> "<img src=\"" + uri + "\" alt=\"\" loading=\"lazy\">")
              .orElse("<div class=\"none\">no image</div>"));
      html.add(
          "<figcaption><b>%s</b> <small>%s</small><br><span class=\"wrong\">%s</span> <small>%s</small><small class=\"file\" title=\"%s\">%s</small></figcaption>",
          label(one.actual()),
          percent(one.probability()),
          label(one.predicted()),
          percent(one.score()),
          file,
          Html.escape(one.file().substring(one.file().lastIndexOf('/') + 1)));
      html.add("</figure>");
    }
    html.add(
        "</div><p class=\"note\">The right class first, then what the model says, each with its score.</p></section>");
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, share < 0.001 ? "%.2g" : "%.3f", share);
  }

  private void classes(List<ClassScore> scores) {
    html.add("<section><h2>Classes</h2><div class=\"scroll\"><table><thead><tr><th>class</th>");
    html.add(
        "<th class=\"n\">images</th><th class=\"n\">precision</th><th class=\"n\">recall</th>");
    html.add("<th class=\"n\">F1</th><th class=\"bar\"></th></tr></thead><tbody>");
    for (ClassScore score : scores) {
      html.add(
          "<tr><th>%s</th><td>%d</td><td>%.3f</td><td>%.3f</td><td>%.3f</td><td class=\"bar\"><i style=\"width:%.0f%%\"></i></td></tr>",
          label(score.index()),
          score.support(),
          score.precision(),
          score.recall(),
          score.f1(),
          100 * score.f1());
    }
    html.add("</tbody><tfoot>");
    average("mean", Averages.macro(scores));
    average("weighted by images", Averages.weighted(scores));
    html.add("</tfoot></table></div></section>");
  }

  private void average(String name, Averages mean) {
    html.add(
        "<tr><th>%s</th><td>%d</td><td>%.3f</td><td>%.3f</td><td>%.3f</td><td class=\"bar\"></td></tr>",
        name, evaluation.images(), mean.precision(), mean.recall(), mean.f1());
  }

  private void slowest() {
    html.add("<section><h2>Slowest images</h2><div class=\"scroll\"><table><tbody>");
    for (Judgement one : evaluation.slowest(EvaluationReport.NAMED)) {
      html.add(
          "<tr><td class=\"t\">%s</td><td>%.1f ms</td></tr>",
          Html.escape(one.file()), one.nanos() / 1e6);
    }
    html.add("</tbody></table></div></section>");
  }

  private void failures() {
    if (evaluation.failures().isEmpty()) {
      return;
    }
    html.add("<section><h2>Not classified</h2><div class=\"scroll\"><table><tbody>");
    evaluation.failures().stream()
        .limit(EvaluationReport.MOST_FAILURES)
        .forEach(one ->
            html.add(
                "<tr><td class=\"t\">%s</td><td class=\"t\">%s</td></tr>",
                Html.escape(one.file()), Html.escape(one.detail())));
    html.add("</tbody></table></div></section>");
  }

  private String label(int index) {
    return Html.escape(evaluation.labels().get(index));
  }
}
