package dev.glimpse.cli;

import static dev.glimpse.cli.CommandOptions.choice;
import static dev.glimpse.cli.CommandOptions.flag;
import static dev.glimpse.cli.CommandOptions.option;
import static dev.glimpse.cli.CommandOptions.require;
import static dev.glimpse.cli.CommandOptions.value;

import dev.glimpse.config.VersionNumber;
import dev.glimpse.folder.FileNames;
import dev.glimpse.folder.ImageInputs;
import dev.glimpse.folder.SortBy;
import dev.glimpse.pipeline.ScoreOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Holds what a command line asks of {@code classify}.
 *
 * @param inputs files, folders, and {@code -} for a list on standard input
 * @param model the model's name; empty: the default model
 * @param version the model's version; empty: the one that the service would take
 * @param models the model repository; empty: as the settings say
 * @param topK how many classes to return
 * @param language of the labels; empty: the model's own
 * @param format how rows are written
 * @param output the file that rows are written to; empty: standard output
 * @param scores which classes count, and when one is uncertain
 * @param recursive whether folders in folders are classified, too
 * @param nul whether a NUL ends a name in the list
 * @param sortInto the folder that images are sorted into; empty: they are not sorted
 * @param by how they are put there
 * @param workers how many files are worked on at a time; empty: as the settings say
 * @param resume whether to go on where the output ends
 */
record ClassifyOptions(
    List<String> inputs,
    Optional<String> model,
    Optional<Integer> version,
    Optional<Path> models,
    int topK,
    Optional<String> language,
    Format format,
    Optional<Path> output,
    ScoreOptions scores,
    boolean recursive,
    boolean nul,
    Optional<Path> sortInto,
    SortBy by,
    Optional<Integer> workers,
    boolean resume) {

  /** Says how rows are written. */
  enum Format {
    TABLE,
    CSV,
    JSONL
  }

  private static final String TOP_K = "--top-k";
  private static final String LANG = "--lang";
  private static final String FORMAT = "--format";
  private static final String OUTPUT = "--output";
  private static final String THRESHOLD = "--threshold";
  private static final String LABELS = "--labels";
  private static final String RENORMALIZE = "--renormalize";
  private static final String RECURSIVE = "--recursive";
  private static final String NULL = "--null";
  private static final String SORT_INTO = "--sort-into";
  private static final String BY = "--by";
  private static final String RESUME = "--resume";

  /** Adds the command's options and parameters. */
  static CommandSpec addTo(CommandSpec command) {
    ModelOptions.addTo(command);
    return command
        .addOption(
            option(
                "<number>", Integer.class, "How many classes to print; default: the best.", TOP_K))
        .addOption(
            option(
                "<language>",
                String.class,
                "The labels' language; default: the model's own.",
                LANG))
        .addOption(
            choice(
                Format.values(),
                "How to print; default: as the name of the output ends, else as a table.",
                FORMAT))
        .addOption(
            option(
                "<file>",
                Path.class,
                "Writes to a file, which must be new or empty.",
                OUTPUT,
                "-o"))
        .addOption(
            option(
                "<score>",
                Double.class,
                "Marks classes with a lower score as uncertain, 0 to 1; default: as the model's files say.",
                THRESHOLD))
        .addOption(
            option(
                "<label>,…",
                String.class,
                "Names only these classes, by labels or indices.",
                LABELS))
        .addOption(
            flag(
                "Divides the scores of --labels by their sum, so that they add up to 1.",
                RENORMALIZE))
        .addOption(flag("Also classifies the images in folders of the folders.", RECURSIVE, "-r"))
        .addOption(flag("A NUL ends each name of the list, as from find -print0.", NULL, "-0"))
        .addOption(
            option(
                "<folder>",
                Path.class,
                "Puts each image into a folder for its class in this one; uncertain ones into _uncertain.",
                SORT_INTO))
        .addOption(choice(SortBy.values(), "How to put it there; default: copy.", BY))
        .addOption(WorkersOption.spec())
        .addOption(
            flag("Goes on where a stopped run has left the output, which is CSV or JSONL.", RESUME))
        .addPositional(
            PositionalParamSpec.builder()
                .index("0..*")
                .arity("1..*")
                .required(true)
                .paramLabel("<file>")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .description(
                    "Images, folders of images, or - for a list of names on standard input.")
                .build());
  }

  /**
   * Reads a command line.
   *
   * @throws ParameterException if options contradict each other, or a value is out of bounds
   */
  static ClassifyOptions of(ParseResult parsed) {
    Optional<Path> output = value(parsed, OUTPUT);
    Optional<Format> format = value(parsed, FORMAT);
    Optional<SortBy> by = value(parsed, BY);
    ClassifyOptions options =
        new ClassifyOptions(
            parsed.matchedPositionalValue(0, List.of()),
            value(parsed, ModelOptions.MODEL),
            value(parsed, ModelOptions.VERSION),
            value(parsed, ModelOptions.MODELS),
            CommandOptions.<Integer>value(parsed, TOP_K).orElse(1),
            value(parsed, LANG),
            format.or(() -> output.map(ClassifyOptions::bySuffix)).orElse(Format.TABLE),
            output,
            scores(parsed),
            parsed.hasMatchedOption(RECURSIVE),
            parsed.hasMatchedOption(NULL),
            value(parsed, SORT_INTO),
            by.orElse(SortBy.COPY),
            WorkersOption.read(parsed),
            parsed.hasMatchedOption(RESUME));
    require(parsed, by.isEmpty() || options.sortInto.isPresent(), "--by needs --sort-into");
    require(parsed, !options.inputs.isEmpty(), "Name files or folders, or - for a list");
    options.check(parsed);
    return options;
  }

  private static ScoreOptions scores(ParseResult parsed) {
    Optional<Double> threshold = value(parsed, THRESHOLD);
    Optional<String> labels = value(parsed, LABELS);
    return new ScoreOptions(
        threshold.isPresent() ? OptionalDouble.of(threshold.get()) : OptionalDouble.empty(),
        labels
            .map(text -> Arrays.stream(text.split(",", -1)).map(String::strip).toList())
            .orElse(List.of()),
        parsed.hasMatchedOption(RENORMALIZE));
  }

  private void check(ParseResult parsed) {
    require(
        parsed,
        version.isEmpty() || (version.get() >= 1 && version.get() <= VersionNumber.HIGHEST),
        "--version must be " + VersionNumber.WORDS);
    require(
        parsed,
        scores.threshold().isEmpty()
            || (scores.threshold().getAsDouble() >= 0 && scores.threshold().getAsDouble() <= 1),
        "--threshold must be from 0 to 1");
    require(parsed, !resume || output.isPresent(), "--resume needs --output");
    require(
        parsed,
        !resume || format != Format.TABLE,
        "--resume needs --format csv or jsonl, as a table cannot be read again");
    require(
        parsed,
        !nul || inputs.contains(ImageInputs.LIST),
        "--null is about a list on standard input, which - stands for");
    require(
        parsed,
        !recursive || sortInto.isEmpty() || inputs.stream().noneMatch(this::isSortedInto),
        "--sort-into must name another folder than the one that is classified with --recursive");
  }

  private boolean isSortedInto(String input) {
    if (input.equals(ImageInputs.LIST) || sortInto.isEmpty()) {
      return false;
    }
    try {
      Path folder = FileNames.path(input).toAbsolutePath().normalize();
      return folder.equals(excluded().get()) || Files.isSameFile(folder, excluded().get());
    } catch (IOException | InvalidPathException e) { // such as that one does not exist
      return false;
    }
  }

  /** Returns the folder that is sorted into, absolute and normalized. */
  Optional<Path> excluded() {
    return sortInto.map(folder -> folder.toAbsolutePath().normalize());
  }

  private static Format bySuffix(Path output) {
    String name = output.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".csv")) {
      return Format.CSV;
    }
    return name.endsWith(".jsonl") || name.endsWith(".ndjson") ? Format.JSONL : Format.TABLE;
  }
}
