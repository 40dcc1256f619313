package dev.glimpse.calibration;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.glimpse.failure.Printable;
import dev.glimpse.postprocess.DistanceTest;
import dev.glimpse.postprocess.ScoreCalibration;
import java.math.BigDecimal;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** Describes a calibration as text for a terminal, and as JSON. */
public final class CalibrationReport {

  private static final int NAMED = 20;

  private CalibrationReport() {}

  /**
   * Returns several lines.
   *
   * @param name of the model, and its version
   * @param labels of its classes
   */
  public static String text(String name, List<String> labels, Fit fit) {
    StringBuilder text = new StringBuilder();
    try (Formatter lines = new Formatter(text, Locale.ROOT)) {
      lines.format(
          "%s: fitted on %d images, measured on %d others%n",
          Printable.of(name), fit.fitted(), fit.heldOut());
      lines.format("%n  %-22s %8s  %8s%n", "", "BEFORE", "AFTER");
      row(lines, "ECE", fit.before().expectedError(), fit.after().expectedError());
      lines.format("  %-22s %8s  %8.4f%n", "ECE by chance alone", "", fit.chance());
      row(lines, "log loss", fit.before().logLoss(), fit.after().logLoss());
      row(lines, "top-1", fit.before().accuracy(), fit.after().accuracy());
      row(lines, "certain", fit.before().kept(), fit.after().kept());
      row(lines, "top-1 of those", fit.before().accuracyOfKept(), fit.after().accuracyOfKept());
      lines.format("%n  temperature %.4f%s%n", fit.calibration().temperature(), why(fit.choice()));
      lines.format("  %s%n", uncertain(fit.calibration()));
      new TreeMap<>(fit.calibration().classThresholds())
          .entrySet().stream()
              .limit(NAMED)
              .forEach(entry ->
                  lines.format(
                      "    %s %s%n",
                      Printable.of(labels.get(entry.getKey())), below(entry.getValue())));
      lines.format("  %s%n", distance(fit));
    }
    return text.toString();
  }

  private static String why(Temperature.Choice choice) {
    return switch (choice) {
      case FITTED -> "";
      case AT_BOUND -> ": unchanged, as these images bound none; take some that are harder";
      case NO_HELP -> ": unchanged, as another did not lower the log loss of the other images";
    };
  }

  private static String distance(Fit fit) {
    return switch (fit.distance().choice()) {
      case FITTED -> unlike(fit.distance().fit().orElseThrow());
      case NOT_ASKED_FOR -> "no distance test, as --keep was not given";
      case NO_VECTORS -> "no distance test, as the graph gives no vectors";
      case FEW_IMAGES ->
          "no distance test, as it takes %d images to fit one, and %d were fitted on"
              .formatted(DistanceFit.LEAST_IMAGES, fit.fitted());
      case EQUAL_VECTORS -> "no distance test, as the vectors of all images are equal";
      case TOO_STRICT -> tooStrict(fit.distance().fit().orElseThrow());
    };
  }

  private static String tooStrict(DistanceFit fit) {
    return String.format(
        Locale.ROOT,
        "no distance test, as one that is to keep %s %% of the images kept %.1f %% of the others",
        percent(fit.share()),
        100 * fit.kept());
  }

  private static String unlike(DistanceFit fit) {
    DistanceTest test = fit.test();
    return String.format(
        Locale.ROOT,
        "unlike the classes at a distance above %.4f, to keep %s %% of the images: of the others"
            + " %.1f %%; %d of %d directions, %d %s",
        test.threshold(),
        percent(fit.share()),
        100 * fit.kept(),
        test.basis().length,
        test.dimensions(),
        test.centres().length,
        test.centres().length == 1 ? "mean" : "means");
  }

  /** Returns a share as it was given: 95, or 99.5. */
  private static String percent(double share) {
    return BigDecimal.valueOf(share).movePointRight(2).stripTrailingZeros().toPlainString();
  }

  private static String uncertain(ScoreCalibration calibration) {
    OptionalDouble threshold = calibration.threshold();
    if (calibration.margin().isPresent()) {
      return String.format(
          Locale.ROOT,
          "uncertain where the best score is less than %.4f above the second",
          calibration.margin().getAsDouble());
    }
    return threshold.isPresent()
        ? "uncertain " + below(threshold.getAsDouble())
        : "no threshold, as these images are too few to show the precision";
  }

  private static String below(double threshold) {
    return threshold == ScoreCalibration.ALWAYS_UNCERTAIN
        ? "always: no score gives the precision"
        : String.format(Locale.ROOT, "below %.4f", threshold);
  }

  private static void row(Formatter lines, String name, double before, double after) {
    lines.format("  %-22s %8.4f  %8.4f%n", name, before, after);
  }

  /** Returns the figures before and after. */
  static ObjectNode measured(Fit fit) {
    ObjectNode root = JsonNodeFactory.instance.objectNode().put("images", fit.heldOut());
    root.put("ece_by_chance", rounded(fit.chance()));
    root.set("before", json(fit.before()));
    root.set("after", json(fit.after()));
    return root;
  }

  private static ObjectNode json(Measure measure) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("ece", rounded(measure.expectedError()))
        .put("log_loss", rounded(measure.logLoss()))
        .put("top_1", rounded(measure.accuracy()))
        .put("certain", rounded(measure.kept()))
        .put("top_1_of_certain", rounded(measure.accuracyOfKept()));
  }

  static double rounded(double value) {
    return Math.round(value * 1e6) / 1e6;
  }
}
