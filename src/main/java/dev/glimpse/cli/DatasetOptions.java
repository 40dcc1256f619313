package dev.glimpse.cli;

import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
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
            CommandOptions.option(
                "<number>",
                Integer.class,
                "In how many bins of scores to measure calibration; default: " + BINS + ".",
                BINS_OPTION))
        .addOption(WorkersOption.spec())
        .addPositional(
            CommandOptions.parameter(
                0,
                "<model>",
                String.class,
                "A model's name, a name and version as flowers:2, or a model's folder."))
        .addPositional(
            CommandOptions.parameter(
                1,
                "<images>",
                Path.class,
                "A folder with a folder of images for each class, or a CSV of files and labels."));
  }

  static String model(ParseResult parsed) {
    return parsed.matchedPositionalValue(0, "");
  }

  static Path images(ParseResult parsed) {
    return parsed.matchedPositionalValue(1, Path.of(""));
  }

  /** Returns in how many bins of scores to measure calibration. */
  static int bins(ParseResult parsed) {
    int bins = CommandOptions.<Integer>value(parsed, BINS_OPTION).orElse(BINS);
    CommandOptions.require(
        parsed, bins >= 1 && bins <= MOST_BINS, BINS_OPTION + " must be from 1 to " + MOST_BINS);
    return bins;
  }
}
