package dev.glimpse.calibration;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.glimpse.failure.Printable;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
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
          Printable.of(name), fit.fitted(), fit.held());
      lines.format("%n  %-22s %8s  %8s%n", "", "BEFORE", "AFTER");
      row(lines, "ECE", fit.before().expectedError(), fit.after().expectedError());
      lines.format("  %-22s %8s  %8.4f%n", "ECE by chance alone", "", fit.chance());
      row(lines, "log loss", fit.before().logLoss(), fit.after().logLoss());
      row(lines, "top-1", fit.before().accuracy(), fit.after().accuracy());
      row(lines, "certain", fit.before().kept(), fit.after().kept());
      row(lines, "top-1 of those", fit.before().accuracyOfKept(), fit.after().accuracyOfKept());
      if (fit.after().logLoss() >= fit.before().logLoss()) {
        lines.format(
            "%n  The log loss did not fall: these images do not show that the temperature helps.%n");
      }
      lines.format("%n  temperature %.4f%n", fit.calibration().temperature());
      lines.format("  uncertain below %.4f%n", fit.calibration().threshold().orElse(0));
      new TreeMap<>(fit.calibration().classThresholds())
          .entrySet().stream()
              .limit(NAMED)
              .forEach(entry ->
                  lines.format(
                      "    %s below %.4f%n",
                      Printable.of(labels.get(entry.getKey())), entry.getValue()));
    }
    return text.toString();
  }

  private static void row(Formatter lines, String name, double before, double after) {
    lines.format("  %-22s %8.4f  %8.4f%n", name, before, after);
  }

  /** Returns the figures before and after. */
  static ObjectNode measured(Fit fit) {
    ObjectNode root = JsonNodeFactory.instance.objectNode().put("images", fit.held());
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
