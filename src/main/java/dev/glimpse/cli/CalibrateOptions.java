package dev.glimpse.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * Holds what a command line asks of {@code models calibrate}.
 *
 * @param model a name, a name and a version as {@code flowers:2}, or a model's folder
 * @param dataset a folder with a folder for each class, or a CSV of files and labels
 * @param models the model repository; empty: as the settings say
 * @param precision the share of the certain answers that is to be right, above 0, below 1
 * @param keep the share of the images that a distance test is to call like those of the classes,
 *     above 0, at most 1; empty: no distance test
 * @param bins how many bins calibration is measured in
 * @param seed decides which images are in which half
 * @param dryRun whether nothing is written
 * @param workers how many images to work on at a time; empty: as the settings say
 */
record CalibrateOptions(
    String model,
    Path dataset,
    Optional<Path> models,
    double precision,
    OptionalDouble keep,
    int bins,
    long seed,
    boolean dryRun,
    Optional<Integer> workers) {

  private static final double PRECISION = 0.95;

  private static final String PRECISION_OPTION = "--precision";
  private static final String KEEP_OPTION = "--keep";
  private static final String SEED = "--seed";
  private static final String DRY_RUN = "--dry-run";

  /** Adds the command's options and parameters. */
  static CommandSpec addTo(CommandSpec command) {
    return DatasetOptions.addTo(command)
        .addOption(
            CommandOptions.option(
                "<share>",
                Double.class,
                "How many of the answers that are not uncertain are to be right; default: "
                    + PRECISION
                    + ".",
                PRECISION_OPTION))
        .addOption(
            CommandOptions.option(
                "<share>",
                Double.class,
                "Also fits a distance test, which is to keep so many of the images.",
                KEEP_OPTION))
        .addOption(
            CommandOptions.option(
                "<number>",
                Long.class,
                "Decides which half of the images is fitted on; default: 1.",
                SEED))
        .addOption(CommandOptions.flag("Prints the report, and writes nothing.", DRY_RUN));
  }

  /** Reads a command line. */
  static CalibrateOptions of(ParseResult parsed) {
    int bins = DatasetOptions.bins(parsed);
    double precision = CommandOptions.<Double>value(parsed, PRECISION_OPTION).orElse(PRECISION);
    CommandOptions.require(
        parsed, precision > 0 && precision < 1, PRECISION_OPTION + " must be above 0 and below 1");
    Optional<Double> keep = CommandOptions.value(parsed, KEEP_OPTION);
    CommandOptions.require(
        parsed,
        keep.isEmpty() || (keep.get() > 0 && keep.get() <= 1),
        KEEP_OPTION + " must be above 0, and 1 at most");
    return new CalibrateOptions(
        DatasetOptions.model(parsed),
        DatasetOptions.images(parsed),
        CommandOptions.value(parsed, ModelOptions.MODELS),
        precision,
        keep.map(OptionalDouble::of).orElseGet(OptionalDouble::empty),
        bins,
        CommandOptions.<Long>value(parsed, SEED).orElse(1L),
        parsed.hasMatchedOption(DRY_RUN),
        WorkersOption.read(parsed));
  }
}
