package dev.glimpse.cli;

import dev.glimpse.config.PortNumber;
import dev.glimpse.failure.Printable;
import dev.glimpse.metrics.BuildInfo;
import dev.glimpse.pull.HuggingFaceHub;
import dev.glimpse.pull.RetryPolicy;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Runs the commands {@code classify}, {@code models list}, {@code models check}, {@code models
 * evaluate}, {@code models calibrate}, {@code models prepare}, {@code models pull} and {@code keys
 * new}. Their exit status is 0 on success, 1 if a model or an image has a problem, 2 if the command
 * or an option is unknown, and 3 if a model was fetched but cannot be served until files are added.
 */
public final class Commands {

  static final int OK = CommandLine.ExitCode.OK;
  static final int FAILED = CommandLine.ExitCode.SOFTWARE;
  static final int INCOMPLETE = 3;

  private static final String JSON = "--json";
  private static final List<String> HELP = List.of("-h", "--help");
  private static final List<String> VERSION = List.of("-V", "--version");

  private Commands() {}

  /** Runs a command on the calling thread and returns its exit status. */
  public static int run(String... arguments) {
    // The commands print what the service would log.
    Logger.getLogger("").setLevel(Level.OFF);
    return run(
        new PrintWriter(System.out, false, StandardCharsets.UTF_8),
        new PrintWriter(System.err, false, StandardCharsets.UTF_8),
        arguments);
  }

  static int run(PrintWriter out, PrintWriter err, String... arguments) {
    for (String argument : arguments) {
      if (argument.equals("--")) {
        break; // what follows are files
      }
      if (argument.startsWith("-D")) {
        err.println(
            "%s must come before -jar: java %s -jar quarkus-run.jar"
                .formatted(Printable.of(argument), Printable.of(argument)));
        err.flush();
        return CommandLine.ExitCode.USAGE;
      }
    }
    int status = execute(out, err, arguments);
    if (out.checkError() && status == OK) { // which flushes
      err.println("Standard output is closed, or cannot be written.");
      err.flush();
      return FAILED;
    }
    return status;
  }

  private static int execute(PrintWriter out, PrintWriter err, String... arguments) {
    return new CommandLine(glimpse())
        .setOut(out)
        .setErr(err)
        .setExpandAtFiles(false) // @photo.jpg is a file
        .setExecutionStrategy(parsed -> execute(parsed, out, err))
        .setParameterExceptionHandler(Commands::invalid)
        .execute(arguments);
  }

  /** Prints what is wrong with a command line as picocli does, but without control characters. */
  private static int invalid(ParameterException e, String... arguments) {
    PrintWriter err = e.getCommandLine().getErr();
    err.println(Printable.of(String.valueOf(e.getMessage())));
    if (!UnmatchedArgumentException.printSuggestions(e, err)) {
      e.getCommandLine().usage(err);
    }
    return CommandLine.ExitCode.USAGE;
  }

  /** Runs a command whose line has been parsed, and returns its exit status. */
  @FunctionalInterface
  private interface Action {
    int run(ParseResult parsed, Output output);
  }

  private static CommandSpec glimpse() {
    return group("glimpse", "Classifies images. Without a command, starts the HTTP service.")
        .addOption(
            OptionSpec.builder(ServeArguments.PORT)
                .type(Integer.class)
                .converters(Commands::port)
                .paramLabel("<port>")
                .description("The service's port; default: PORT of the environment, or else 8080.")
                .build())
        .addOption(
            OptionSpec.builder(VERSION.toArray(String[]::new))
                .versionHelp(true)
                .description("Prints the version and exits.")
                .build())
        .addSubcommand(
            ServeArguments.SERVE, group(ServeArguments.SERVE, "Starts the HTTP service."))
        .addSubcommand(
            "classify",
            ClassifyOptions.addTo(
                command(
                    "classify",
                    "Classifies image files and folders of them, without a service.",
                    (parsed, output) -> new Classify(output).run(parsed))))
        .addSubcommand("models", models())
        .addSubcommand("keys", keys());
  }

  private static CommandSpec models() {
    CommandSpec list =
        command(
                "list",
                "Lists the models of the repository (glimpse.models.path), by their files.",
                (parsed, output) -> new ModelsList(output).run())
            .addOption(json());
    CommandSpec check =
        ModelsCheck.addTo(
                command(
                    "check",
                    "Loads a model, classifies an image with it, and prints what was understood of"
                        + " its files, or what is missing.",
                    (parsed, output) -> new ModelsCheck(output).run(parsed)))
            .addOption(json());
    CommandSpec evaluate =
        EvaluateOptions.addTo(
            command(
                "evaluate",
                "Measures a model on labelled images, or compares it with another.",
                (parsed, output) -> new ModelsEvaluate(output).run(parsed)));
    CommandSpec calibrate =
        CalibrateOptions.addTo(
            command(
                "calibrate",
                "Fits a model's scores to labelled images, so that they are probabilities of being"
                    + " right.",
                (parsed, output) -> new ModelsCalibrate(output).run(parsed)));
    CommandSpec prepare =
        command(
                "prepare",
                "Optimizes the graphs of the repository for this kind of processor and writes them"
                    + " beside the models, so that the service starts sooner.",
                (parsed, output) -> new ModelsPrepare(output).run())
            .addOption(json());
    CommandSpec pull =
        ModelsPull.addTo(command("pull", "Fetches a model into the repository.", Commands::pull))
            .addOption(json());
    return group("models", "Manages models without serving them.")
        .addSubcommand("list", list)
        .addSubcommand("check", check)
        .addSubcommand("evaluate", evaluate)
        .addSubcommand("calibrate", calibrate)
        .addSubcommand("prepare", prepare)
        .addSubcommand("pull", pull);
  }

  private static int pull(ParseResult parsed, Output output) {
    String token = System.getenv(HuggingFaceHub.TOKEN);
    return new ModelsPull(output, RetryPolicy.DEFAULT, token == null ? "" : token).run(parsed);
  }

  private static CommandSpec keys() {
    return group("keys", "Manages the keys of callers (glimpse.auth.keys).")
        .addSubcommand(
            "new",
            KeysNew.addTo(
                    command(
                        "new",
                        "Makes a key for a caller.",
                        (parsed, output) -> new KeysNew(output).run(parsed)))
                .addOption(json()));
  }

  private static Integer port(String text) {
    Integer port = PortNumber.parse(text);
    if (port == null) {
      throw new TypeConversionException(
          "\"%s\" must be %s".formatted(Printable.of(text), PortNumber.WORDS));
    }
    return port;
  }

  private static CommandSpec command(String name, String description, Action action) {
    return described(CommandSpec.wrapWithoutInspection(action), name, description);
  }

  /** Describes a command that does nothing by itself, so that running it prints its help. */
  private static CommandSpec group(String name, String description) {
    return described(CommandSpec.create(), name, description);
  }

  private static CommandSpec described(CommandSpec command, String name, String description) {
    command.name(name).usageMessage().description(description);
    return command.addOption(
        OptionSpec.builder(HELP.toArray(String[]::new))
            .usageHelp(true)
            .description("Prints this help and exits.")
            .build());
  }

  private static OptionSpec json() {
    return CommandOptions.flag("Prints JSON, for programs.", JSON);
  }

  private static int execute(ParseResult parsed, PrintWriter out, PrintWriter err) {
    ParseResult last = parsed;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    if (last.isUsageHelpRequested()) {
      last.commandSpec().commandLine().usage(out);
      return OK;
    }
    if (last.isVersionHelpRequested()) {
      out.println(BuildInfo.read().text());
      out.flush();
      return OK;
    }
    if (last.commandSpec().userObject() instanceof Action action) {
      return action.run(last, new Output(out, err, last.hasMatchedOption(JSON)));
    }
    last.commandSpec().commandLine().usage(err);
    return CommandLine.ExitCode.USAGE;
  }
}
