package dev.glimpse.cli;

import static dev.glimpse.cli.CommandOptions.option;
import static dev.glimpse.cli.CommandOptions.require;
import static dev.glimpse.cli.CommandOptions.value;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.config.VersionNumber;
import dev.glimpse.failure.Printable;
import dev.glimpse.pull.BearerToken;
import dev.glimpse.pull.Catalogue;
import dev.glimpse.pull.DownloadClient;
import dev.glimpse.pull.FetchException;
import dev.glimpse.pull.GraphUrl;
import dev.glimpse.pull.HuggingFaceHub;
import dev.glimpse.pull.ModelPull;
import dev.glimpse.pull.PullRequest;
import dev.glimpse.pull.PullResult;
import dev.glimpse.pull.PullResult.FetchedFile;
import dev.glimpse.pull.RetryPolicy;
import dev.glimpse.repository.ModelFolder;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Runs {@code models pull <model>}: fetches a model into the repository. */
final class ModelsPull {

  private static final String NAME = "--name";
  private static final String VERSION = "--version";
  private static final String FORCE = "--force";
  private static final String SHA256 = "--sha256";
  private static final String CATALOGUE = "--catalogue";
  private static final String HUB = "--hub";
  private static final String MAX_BYTES = "--max-bytes";

  private final Output out;
  private final RetryPolicy retryPolicy;
  private final String token;

  /**
   * Creates the command; fetches nothing.
   *
   * @param token the hub's access token; empty: requests are anonymous
   */
  ModelsPull(Output out, RetryPolicy retryPolicy, String token) {
    this.out = out;
    this.retryPolicy = retryPolicy;
    this.token = token;
  }

  /** Adds the command's options and parameters. */
  static CommandSpec addTo(CommandSpec command) {
    return command
        .addOption(
            option(
                "<name>",
                String.class,
                "The model's name in the repository; default: its name at the source.",
                NAME))
        .addOption(
            option(
                "<number>",
                int.class,
                "The version to create, 1 to %d; default: the next free one."
                    .formatted(VersionNumber.HIGHEST),
                VERSION))
        .addOption(CommandOptions.flag("Replaces that version, if it exists.", FORCE))
        .addOption(
            option("<digits>", String.class, "The SHA-256 of the file at the address.", SHA256))
        .addOption(
            option(
                "<file>",
                Path.class,
                "A catalogue of models; default: the built-in one.",
                CATALOGUE))
        .addOption(
            OptionSpec.builder(HUB)
                .paramLabel("<address>")
                .type(String.class)
                .defaultValue("${env:HF_ENDPOINT:-https://huggingface.co}")
                .description(
                    "The Hugging Face Hub, or a mirror of it; HF_TOKEN may hold an access token for"
                        + " it.")
                .build())
        .addOption(
            OptionSpec.builder(MAX_BYTES)
                .paramLabel("<number>")
                .type(long.class)
                .defaultValue("4000000000")
                .description("The largest size of a file.")
                .build())
        .addPositional(
            CommandOptions.parameter(
                0,
                "<model>",
                String.class,
                "A name in the catalogue, <organization>/<name> on the Hugging Face Hub, or the"
                    + " https address of an .onnx file."));
  }

  /** Runs the command and returns the exit status. */
  int run(ParseResult parsed) {
    Optional<Integer> version = value(parsed, VERSION);
    require(
        parsed,
        version.isEmpty() || (version.get() >= 1 && version.get() <= VersionNumber.HIGHEST),
        VERSION + " must be " + VersionNumber.WORDS);
    String model = parsed.matchedPositionalValue(0, "");
    boolean address = GraphUrl.isAddress(model);
    require(
        parsed,
        address || !parsed.hasMatchedOption(SHA256),
        SHA256 + " is valid only for the address of an .onnx file");
    require(
        parsed,
        !address || !parsed.hasMatchedOption(CATALOGUE),
        CATALOGUE + " is valid only for a model's name, not for an address");
    try {
      GlimpseConfig config = StandaloneConfig.read();
      BearerToken.requireEncrypted(hub(parsed), HuggingFaceHub.TOKEN, token);
      DownloadClient client =
          new DownloadClient(retryPolicy, BearerToken.of(hub(parsed), HuggingFaceHub.TOKEN, token));
      PullRequest request = request(parsed, model, client);
      PullProgress progress = new PullProgress(out, Terminal.isOutput());
      long maxBytes = parsed.commandSpec().findOption(MAX_BYTES).getValue();
      PullResult result =
          new ModelPull(config.models().path(), client, progress, maxBytes)
              .run(
                  request,
                  version.map(OptionalInt::of).orElseGet(OptionalInt::empty),
                  parsed.hasMatchedOption(FORCE));
      return report(result, StartCheck.of(folder(result), config));
    } catch (FetchException | IllegalArgumentException e) {
      return out.fail(
          String.valueOf(e.getMessage()), JsonNodeFactory.instance.objectNode().put("ok", false));
    }
  }

  private static String hub(ParseResult parsed) {
    return parsed.commandSpec().findOption(HUB).getValue();
  }

  private static PullRequest request(ParseResult parsed, String model, DownloadClient client) {
    Optional<String> name = value(parsed, NAME);
    if (GraphUrl.isAddress(model)) {
      return GraphUrl.request(model, name, value(parsed, SHA256));
    }
    Catalogue catalogue =
        CommandOptions.<Path>value(parsed, CATALOGUE)
            .map(Catalogue::read)
            .orElseGet(Catalogue::builtIn);
    Optional<PullRequest> found = catalogue.find(model, name);
    if (found.isEmpty() && HuggingFaceHub.isName(model)) {
      found = Optional.of(new HuggingFaceHub(client, hub(parsed)).request(model, name));
    }
    return found.orElseThrow(() ->
        new IllegalArgumentException(
            "There is no model \"%s\" in the catalogue, which has %s."
                .formatted(model, String.join(", ", catalogue.names()))));
  }

  private static ModelFolder folder(PullResult result) {
    return new ModelFolder(result.request().name(), result.version(), result.folder());
  }

  private int report(PullResult result, StartCheck start) {
    Optional<String> problem = start.problem();
    if (!out.json()) {
      out.print(text(result));
      start
          .tensors()
          .ifPresent(why ->
              out.print(
                  "It takes tensors and classifies no images: %s.\n".formatted(Printable.of(why))));
    } else if (problem.isEmpty()) {
      ObjectNode root = json(result);
      start.tensors().ifPresent(why -> root.put("tensors_only", why));
      out.print(root);
    }
    if (problem.isEmpty()) {
      return Commands.OK;
    }
    out.fail(
        "The model was fetched, but it cannot be served yet and may keep the service from starting. %s Then check it with `models check %s`."
            .formatted(problem.get(), result.folder()),
        json(result).put("ok", false));
    return Commands.INCOMPLETE;
  }

  private static String text(PullResult result) {
    String licences =
        result.files().stream()
            .flatMap(file -> file.licence().stream().map(licence -> file.path() + ": " + licence))
            .collect(Collectors.joining("; "));
    String unchecked =
        result.files().stream()
            .filter(file -> !file.checked())
            .map(FetchedFile::path)
            .collect(Collectors.joining(", "));
    return "%s is %s, version %d, from %s\n%s%s"
        .formatted(
            Printable.of(result.folder().toString()),
            result.request().name(),
            result.version(),
            Printable.of(result.request().source()),
            licences.isEmpty() ? "" : "Licences: " + Printable.of(licences) + "\n",
            unchecked.isEmpty()
                ? ""
                : "Not verified, because no checksum is known: " + unchecked + "\n");
  }

  private static ObjectNode json(PullResult result) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("ok", true);
    root.put("model", result.request().name());
    root.put("version", result.version());
    root.put("folder", result.folder().toString());
    root.put("source", result.request().source());
    ArrayNode files = root.putArray("files");
    for (FetchedFile file : result.files()) {
      ObjectNode one = files.addObject();
      one.put("path", file.path());
      one.put("bytes", file.bytes());
      one.put("sha256", file.sha256());
      one.put("checked", file.checked());
      file.licence().ifPresent(licence -> one.put("licence", licence));
    }
    return root;
  }
}
