package dev.glimpse.calibration;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.glimpse.failure.Printable;
import dev.glimpse.postprocess.ScoreCalibration;
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
      lines.format("  %s%n", uncertain(fit.calibration().threshold()));
      new TreeMap<>(fit.calibration().classThresholds())
          .entrySet().stream()
              .limit(NAMED)
              .forEach(entry ->
                  lines.format(
                      "    %s %s%n",
                      Printable.of(labels.get(entry.getKey())), below(entry.getValue())));
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

  private static String uncertain(OptionalDouble threshold) {
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

  private static double rounded(double value) {
    return Math.round(value * 1e6) / 1e6;
  }
}
