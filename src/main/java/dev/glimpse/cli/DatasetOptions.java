package dev.glimpse.cli;

import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** Describes and reads what each command takes that runs a model on labelled images. */
final class DatasetOptions {

  private static final int BINS = 15;
  private static final int MOST_BINS = 1000;
  private static final String BINS_OPTION = "--bins";

  private DatasetOptions() {}

  /** Adds the models' folder, the bins, the workers, and as parameters the model and the images. */
  static CommandSpec addTo(CommandSpec command) {
    return command
        .addOption(ModelOptions.models())
        .addOption(
            ClassifyOptions.option(
                "<number>",
                Integer.class,
                "In how many bins of scores to measure calibration; default: " + BINS + ".",
                BINS_OPTION))
        .addOption(ClassifyOptions.workersOption())
        .addPositional(
            parameter(
                "0",
                "<model>",
                String.class,
                "A model's name, a name and version as flowers:2, or a model's folder."))
        .addPositional(
            parameter(
                "1",
                "<images>",
                Path.class,
                "A folder with a folder of images for each class, or a CSV of files and labels."));
  }

  private static PositionalParamSpec parameter(
      String index, String label, Class<?> type, String description) {
    return PositionalParamSpec.builder()
        .index(index)
        .arity("1")
        .required(true)
        .paramLabel(label)
        .type(type)
        .description(description)
        .build();
  }

  static String model(ParseResult parsed) {
    return parsed.matchedPositionalValue(0, "");
  }

  static Path images(ParseResult parsed) {
    return parsed.matchedPositionalValue(1, Path.of(""));
  }

  /** Returns in how many bins of scores to measure calibration. */
  static int bins(ParseResult parsed) {
    int bins = ClassifyOptions.<Integer>value(parsed, BINS_OPTION).orElse(BINS);
    ClassifyOptions.require(
        parsed, bins >= 1 && bins <= MOST_BINS, BINS_OPTION + " must be from 1 to " + MOST_BINS);
    return bins;
  }
}
