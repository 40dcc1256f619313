package dev.glimpse.cli;

import dev.glimpse.config.PortNumber;
import dev.glimpse.engine.OnnxRuntimeEngine;
import dev.glimpse.failure.Printable;
import dev.glimpse.metrics.BuildInfo;
import dev.glimpse.pull.HuggingFaceHub;
import dev.glimpse.pull.RetryPolicy;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;

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

  private static final String CLASSIFY = "classify";
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
        .execute(arguments);
  }

  private static CommandSpec glimpse() {
    CommandSpec list =
        command("list", "Lists the models of the repository (glimpse.models.path), by their files.")
            .addOption(json());
    CommandSpec check =
        command(
                "check",
                "Loads a model, classifies an image with it, and prints what was understood of its"
                    + " files, or what is missing.")
            .addOption(json())
            .addPositional(
                PositionalParamSpec.builder()
                    .index("0")
                    .arity("1")
                    .required(true)
                    .paramLabel("<folder>")
                    .type(Path.class)
                    .description(
                        "The model's folder, that of one of its versions, or a repository, of"
                            + " which each model is checked.")
                    .build())
            .addPositional(
                PositionalParamSpec.builder()
                    .index("1")
                    .arity("0..1")
                    .paramLabel("<image>")
                    .type(Path.class)
                    .description("The image to classify; default: a drawing of a daisy.")
                    .build());
    CommandSpec evaluate =
        EvaluateOptions.addTo(
            command(
                "evaluate", "Measures a model on labelled images, or compares it with another."));
    CommandSpec calibrate =
        CalibrateOptions.addTo(
            command(
                "calibrate",
                "Fits a model's scores to labelled images, so that they are probabilities of being"
                    + " right."));
    CommandSpec prepare =
        command(
                "prepare",
                "Optimizes the graphs of the repository for this kind of processor and writes them"
                    + " beside the models, so that the service starts sooner.")
            .addOption(json());
    CommandSpec pull =
        ModelsPull.options(command("pull", "Fetches a model into the repository."))
            .addOption(json());
    CommandSpec models = command("models", "Manages models without serving them.");
    models
        .addSubcommand("list", list)
        .addSubcommand("check", check)
        .addSubcommand("evaluate", evaluate)
        .addSubcommand("calibrate", calibrate)
        .addSubcommand("prepare", prepare)
        .addSubcommand("pull", pull);
    CommandSpec classify =
        ClassifyOptions.addTo(
            command(CLASSIFY, "Classifies image files and folders of them, without a service."));
    CommandSpec newKey =
        KeysNew.options(command("new", "Makes a key for a caller.")).addOption(json());
    CommandSpec keys =
        command("keys", "Manages the keys of callers (glimpse.auth.keys).")
            .addSubcommand("new", newKey);
    return command("glimpse", "Classifies images. Without a command, starts the HTTP service.")
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
            ServeArguments.SERVE, command(ServeArguments.SERVE, "Starts the HTTP service."))
        .addSubcommand(CLASSIFY, classify)
        .addSubcommand("models", models)
        .addSubcommand("keys", keys);
  }

  private static Integer port(String text) {
    Integer port = PortNumber.parse(text);
    if (port == null) {
      throw new TypeConversionException(
          "\"%s\" must be %s".formatted(Printable.of(text), PortNumber.WORDS));
    }
    return port;
  }

  private static CommandSpec command(String name, String description) {
    CommandSpec command = CommandSpec.create().name(name);
    command.usageMessage().description(description);
    return command.addOption(
        OptionSpec.builder(HELP.toArray(String[]::new))
            .usageHelp(true)
            .description("Prints this help and exits.")
            .build());
  }

  private static OptionSpec json() {
    return OptionSpec.builder(JSON)
        .type(boolean.class)
        .description("Prints JSON, for programs.")
        .build();
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
    String name = last.commandSpec().name();
    if (!last.commandSpec().subcommands().isEmpty()) {
      last.commandSpec().commandLine().usage(err);
      return CommandLine.ExitCode.USAGE;
    }
    Output output = new Output(out, err, last.hasMatchedOption(JSON));
    if (name.equals(CLASSIFY)) {
      return new Classify(output).run(last);
    }
    if (name.equals("list")) {
      return new ModelsList(output).run();
    }
    if (name.equals("evaluate")) {
      return new ModelsEvaluate(output).run(last);
    }
    if (name.equals("calibrate")) {
      return new ModelsCalibrate(output).run(last);
    }
    if (name.equals("prepare")) {
      return new ModelsPrepare(output).run();
    }
    if (name.equals("pull")) {
      String token = System.getenv(HuggingFaceHub.TOKEN);
      return new ModelsPull(output, RetryPolicy.DEFAULT, token == null ? "" : token).run(last);
    }
    if (name.equals("new")) {
      return new KeysNew(output).run(last);
    }
    OnnxRuntimeEngine.startEarly();
    return new ModelsCheck(output)
        .run(last.matchedPositionalValue(0, Path.of("")), last.matchedPositionalValue(1, null));
  }
}
