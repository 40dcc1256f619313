package dev.glimpse.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * Holds what a command line asks of {@code models evaluate}.
 *
 * @param model a name, a name and a version as {@code flowers:2}, or a model's folder
 * @param dataset a folder with a folder for each class, or a CSV of files and labels
 * @param models the model repository; empty: as the settings say
 * @param against the model to compare with, named as the first
 * @param format how the report is printed
 * @param html the page to write
 * @param bins how many bins calibration is measured in
 * @param seed of the bootstrap
 * @param workers how many images to work on at a time; empty: as the settings say
 */
record EvaluateOptions(
    String model,
    Path dataset,
    Optional<Path> models,
    Optional<String> against,
    Format format,
    Optional<Path> html,
    int bins,
    long seed,
    Optional<Integer> workers) {

  /** Says how the report is printed. */
  enum Format {
    TEXT,
    JSON
  }

  private static final String AGAINST = "--against";
  private static final String FORMAT = "--format";
  private static final String HTML = "--html";
  private static final String SEED = "--seed";

  /** Adds the command's options and parameters. */
  static CommandSpec addTo(CommandSpec command) {
    return DatasetOptions.addTo(command)
        .addOption(
            CommandOptions.option(
                "<model>",
                String.class,
                "Compares with another model or version on the same images.",
                AGAINST))
        .addOption(CommandOptions.choice(Format.values(), "How to print; default: text.", FORMAT))
        .addOption(
            CommandOptions.option(
                "<file>", Path.class, "Writes the report as a page with drawings, too.", HTML))
        .addOption(
            CommandOptions.option(
                "<number>", Long.class, "The seed of the bootstrap; default: 1.", SEED));
  }

  /** Reads a command line. */
  static EvaluateOptions of(ParseResult parsed) {
    return new EvaluateOptions(
        DatasetOptions.model(parsed),
        DatasetOptions.images(parsed),
        CommandOptions.value(parsed, ModelOptions.MODELS),
        CommandOptions.value(parsed, AGAINST),
        CommandOptions.<Format>value(parsed, FORMAT).orElse(Format.TEXT),
        CommandOptions.value(parsed, HTML),
        DatasetOptions.bins(parsed),
        CommandOptions.<Long>value(parsed, SEED).orElse(1L),
        WorkersOption.read(parsed));
  }
}
