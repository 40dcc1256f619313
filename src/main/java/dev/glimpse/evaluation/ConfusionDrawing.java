package dev.glimpse.evaluation;

import java.util.List;

/** Draws the confusion matrix: a row for each class of images, a column for what was said. */
final class ConfusionDrawing {

  /** With more classes, a cell would be too small to be seen. */
  static final int MOST_CLASSES = 40;

  /** With more, numbers do not fit into the cells. */
  private static final int MOST_NUMBERS = 16;

  private static final int SIZE = 420;
  private static final int LONGEST = 16;

  private ConfusionDrawing() {}

  static String of(Evaluation evaluation, List<ClassScore> scores) {
    int count = scores.size();
    double cell = (double) SIZE / count;
    int margin = 8 + 7 * longest(evaluation, scores);
    int[] places = new int[evaluation.labels().size()];
    int[] support = new int[places.length];
    Html svg = new Html();
    svg.add(
        "<svg viewBox='0 0 %d %d' role='img' aria-label='Confusion matrix'>",
        margin + SIZE + 8, margin + SIZE + 8);
    for (int i = 0; i < count; i++) {
      ClassScore score = scores.get(i);
      double middle = margin + (i + 0.5) * cell;
      String label = Html.escape(shortened(evaluation.labels().get(score.index())));
      svg.add("<text class='tick end' x='%d' y='%.1f'>%s</text>", margin - 6, middle + 4, label);
      svg.add(
          "<text class='tick' transform='translate(%.1f %d) rotate(-90)'>%s</text>",
          middle + 4, margin - 6, label);
      places[score.index()] = i;
      support[score.index()] = score.support();
    }
    svg.add(
        "<rect class='matrix' x='%d' y='%d' width='%d' height='%d'/>", margin, margin, SIZE, SIZE);
    for (Evaluation.Confusion one : evaluation.confusions()) {
      double share = (double) one.images() / Math.max(1, support[one.actual()]);
      double x = margin + places[one.predicted()] * cell;
      double y = margin + places[one.actual()] * cell;
      svg.add(
          "<rect class='%s' fill-opacity='%.2f' x='%.1f' y='%.1f' width='%.1f' height='%.1f'><title>%s, taken for %s: %d</title></rect>",
          one.actual() == one.predicted() ? "right" : "wrong",
          0.12 + 0.88 * share,
          x + 0.5,
          y + 0.5,
          cell - 1,
          cell - 1,
          Html.escape(evaluation.labels().get(one.actual())),
          Html.escape(evaluation.labels().get(one.predicted())),
          one.images());
      if (count <= MOST_NUMBERS) {
        svg.add(
            "<text class='cell%s' x='%.1f' y='%.1f'>%d</text>",
            share > 0.5 ? " on" : "", x + cell / 2, y + cell / 2 + 4, one.images());
      }
    }
    return svg.add("</svg>").toString();
  }

  private static int longest(Evaluation evaluation, List<ClassScore> scores) {
    return scores.stream()
        .mapToInt(score -> shortened(evaluation.labels().get(score.index())).length())
        .max()
        .orElse(0);
  }

  private static String shortened(String label) {
    return label.codePointCount(0, label.length()) <= LONGEST
        ? label
        : label.substring(0, label.offsetByCodePoints(0, LONGEST - 1)) + "…";
  }
}
