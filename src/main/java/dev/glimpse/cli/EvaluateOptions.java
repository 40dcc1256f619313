package dev.glimpse.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
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

  private static final int BINS = 15;
  private static final int MOST_BINS = 1000;

  private static final String AGAINST = "--against";
  private static final String FORMAT = "--format";
  private static final String HTML = "--html";
  private static final String BINS_OPTION = "--bins";
  private static final String SEED = "--seed";

  /** Adds the command's options and parameters. */
  static CommandSpec addTo(CommandSpec command) {
    return command
        .addOption(ModelOptions.models())
        .addOption(
            ClassifyOptions.option(
                "<model>",
                String.class,
                "Compares with another model or version on the same images.",
                AGAINST))
        .addOption(ClassifyOptions.choice(Format.values(), "How to print; default: text.", FORMAT))
        .addOption(
            ClassifyOptions.option(
                "<file>", Path.class, "Writes the report as a page with drawings, too.", HTML))
        .addOption(
            ClassifyOptions.option(
                "<number>",
                Integer.class,
                "In how many bins of scores to measure calibration; default: " + BINS + ".",
                BINS_OPTION))
        .addOption(
            ClassifyOptions.option(
                "<number>", Long.class, "The seed of the bootstrap; default: 1.", SEED))
        .addOption(ClassifyOptions.workersOption())
        .addPositional(
            PositionalParamSpec.builder()
                .index("0")
                .arity("1")
                .required(true)
                .paramLabel("<model>")
                .type(String.class)
                .description(
                    "A model's name, a name and version as flowers:2, or a model's folder.")
                .build())
        .addPositional(
            PositionalParamSpec.builder()
                .index("1")
                .arity("1")
                .required(true)
                .paramLabel("<images>")
                .type(Path.class)
                .description(
                    "A folder with a folder of images for each class, or a CSV of files and labels.")
                .build());
  }

  /** Reads a command line. */
  static EvaluateOptions of(ParseResult parsed) {
    int bins = ClassifyOptions.<Integer>value(parsed, BINS_OPTION).orElse(BINS);
    ClassifyOptions.require(
        parsed, bins >= 1 && bins <= MOST_BINS, BINS_OPTION + " must be from 1 to " + MOST_BINS);
    return new EvaluateOptions(
        parsed.matchedPositionalValue(0, ""),
        parsed.matchedPositionalValue(1, Path.of("")),
        ClassifyOptions.value(parsed, ModelOptions.MODELS),
        ClassifyOptions.value(parsed, AGAINST),
        ClassifyOptions.<Format>value(parsed, FORMAT).orElse(Format.TEXT),
        ClassifyOptions.value(parsed, HTML),
        bins,
        ClassifyOptions.<Long>value(parsed, SEED).orElse(1L),
        ClassifyOptions.readWorkers(parsed));
  }
}
