package dev.glimpse.evaluation;

import java.util.Locale;

/** Says in words whether one model is better than another. */
final class Verdict {

  private Verdict() {}

  static String of(String first, String second, Comparison comparison) {
    return answer(first, second, comparison)
        + " "
        + String.format(
            Locale.ROOT,
            "Of %d images, %s is right on %d that %s has wrong, and wrong on %d that it has right:"
                + " a difference of %+.2f percentage points (95 %% interval %+.2f to %+.2f,"
                + " McNemar's exact test p = %s).",
            comparison.images(),
            first,
            comparison.onlyFirst(),
            second,
            comparison.onlySecond(),
            100 * comparison.top1(),
            100 * comparison.top1Interval().from(),
            100 * comparison.top1Interval().to(),
            probability(comparison.mcNemar()));
  }

  private static String answer(String first, String second, Comparison comparison) {
    if (comparison.images() == 0) {
      return "No image was classified by both.";
    }
    if (comparison.onlyFirst() + comparison.onlySecond() == 0) {
      return "%s and %s are right on the same images.".formatted(first, second);
    }
    if (!comparison.significant()) {
      return "These images do not show whether %s is better than %s: the difference may be chance."
          .formatted(first, second);
    }
    return comparison.top1() > 0
        ? "Yes, %s is better than %s.".formatted(first, second)
        : "No, %s is worse than %s.".formatted(first, second);
  }

  static String probability(double p) {
    return String.format(Locale.ROOT, p < 0.001 ? "%.1e" : "%.3f", p);
  }
}
