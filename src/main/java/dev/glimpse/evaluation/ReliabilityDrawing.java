package dev.glimpse.evaluation;

import java.util.List;
import java.util.Locale;

/**
 * Draws, for each bin of scores, the share of right images: on the diagonal, scores are
 * probabilities. Below are the numbers of images.
 */
final class ReliabilityDrawing {

  private static final int SIZE = 300;
  private static final int LEFT = 44;
  private static final int TOP = 12;
  private static final int COUNTS = 56;
  private static final int GAP = 34;

  private ReliabilityDrawing() {}

  static String of(Calibration calibration) {
    List<Calibration.Bin> bins = calibration.bins();
    Html svg = new Html();
    svg.add(
        "<svg viewBox='0 0 %d %d' role='img' aria-label='Reliability curve'>",
        LEFT + SIZE + 12, TOP + SIZE + GAP + COUNTS + 26);
    grid(svg);
    svg.add(
        "<line class='ideal' x1='%d' y1='%d' x2='%d' y2='%d'/>",
        LEFT, TOP + SIZE, LEFT + SIZE, TOP);
    StringBuilder line = new StringBuilder();
    int most = bins.stream().mapToInt(Calibration.Bin::images).max().orElse(1);
    for (Calibration.Bin bin : bins) {
      gap(svg, bin);
      count(svg, bin, most);
      line.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(bin.score()), y(bin.accuracy())));
    }
    svg.add("<polyline class='curve' points='%s'/>", line.toString().strip());
    for (Calibration.Bin bin : bins) {
      svg.add(
          "<circle class='point' cx='%.1f' cy='%.1f' r='%.1f'><title>%d images: mean score %.3f, %.1f %% right</title></circle>",
          x(bin.score()),
          y(bin.accuracy()),
          3 + 3 * Math.sqrt((double) bin.images() / most),
          bin.images(),
          bin.score(),
          100 * bin.accuracy());
    }
    return svg.add("</svg>").toString();
  }

  private static void grid(Html svg) {
    for (int i = 0; i <= 5; i++) {
      double at = i / 5.0;
      svg.add(
          "<line class='grid' x1='%d' y1='%.1f' x2='%d' y2='%.1f'/>",
          LEFT, y(at), LEFT + SIZE, y(at));
      svg.add("<text class='tick end' x='%d' y='%.1f'>%.1f</text>", LEFT - 6, y(at) + 4, at);
      svg.add(
          "<line class='grid' x1='%.1f' y1='%d' x2='%.1f' y2='%d'/>",
          x(at), TOP, x(at), TOP + SIZE);
      svg.add("<text class='tick mid' x='%.1f' y='%d'>%.1f</text>", x(at), TOP + SIZE + 16, at);
    }
    svg.add(
        "<text class='tick mid' transform='rotate(-90)' x='%d' y='12'>share that is right</text>",
        -TOP - SIZE / 2);
    svg.add(
        "<text class='tick mid' x='%d' y='%d'>score of the best class; below, how many images</text>",
        LEFT + SIZE / 2, TOP + SIZE + GAP + COUNTS + 18);
  }

  /** Draws the distance from the diagonal. */
  private static void gap(Html svg, Calibration.Bin bin) {
    double ideal = y(bin.score());
    double actual = y(bin.accuracy());
    svg.add(
        "<rect class='%s' x='%.1f' y='%.1f' width='%.1f' height='%.1f'/>",
        bin.accuracy() < bin.score() ? "over" : "under",
        x(bin.from()) + 1,
        Math.min(ideal, actual),
        Math.max(1, x(bin.to()) - x(bin.from()) - 2),
        Math.max(1, Math.abs(ideal - actual)));
  }

  private static void count(Html svg, Calibration.Bin bin, int most) {
    double height = Math.max(1, COUNTS * (double) bin.images() / most);
    svg.add(
        "<rect class='count' x='%.1f' y='%.1f' width='%.1f' height='%.1f'><title>%d images</title></rect>",
        x(bin.from()) + 1,
        TOP + SIZE + GAP + COUNTS - height,
        Math.max(1, x(bin.to()) - x(bin.from()) - 2),
        height,
        bin.images());
  }

  private static double x(double score) {
    return LEFT + SIZE * score;
  }

  private static double y(double share) {
    return TOP + SIZE * (1 - share);
  }
}
