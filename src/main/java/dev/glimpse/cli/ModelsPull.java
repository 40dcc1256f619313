package dev.glimpse.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.config.VersionNumber;
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
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
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
  static CommandSpec options(CommandSpec command) {
    return command
        .addOption(
            option(
                NAME,
                "<name>",
                String.class,
                "The model's name in the repository; default: its name at the source."))
        .addOption(
            option(
                VERSION,
                "<number>",
                int.class,
                "The version to create, 1 to %d; default: the next free one."
                    .formatted(VersionNumber.HIGHEST)))
        .addOption(
            OptionSpec.builder(FORCE)
                .type(boolean.class)
                .description("Replaces that version, if it exists.")
                .build())
        .addOption(
            option(SHA256, "<digits>", String.class, "The SHA-256 of the file at the address."))
        .addOption(
            option(
                CATALOGUE,
                "<file>",
                Path.class,
                "A catalogue of models; default: the built-in one."))
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
            PositionalParamSpec.builder()
                .index("0")
                .arity("1")
                .required(true)
                .paramLabel("<model>")
                .type(String.class)
                .description(
                    "A name in the catalogue, <organization>/<name> on the Hugging Face Hub, or the"
                        + " https address of an .onnx file.")
                .build());
  }

  private static OptionSpec option(String name, String label, Class<?> type, String description) {
    return OptionSpec.builder(name).paramLabel(label).type(type).description(description).build();
  }

  /** Runs the command and returns the exit status. */
  int run(ParseResult parsed) {
    @Nullable Integer version = parsed.matchedOptionValue(VERSION, (Integer) null);
    if (version != null && (version < 1 || version > VersionNumber.HIGHEST)) {
      throw new ParameterException(
          parsed.commandSpec().commandLine(),
          "%s must be %s.".formatted(VERSION, VersionNumber.WORDS));
    }
    String model = parsed.matchedPositionalValue(0, "");
    boolean address = GraphUrl.isAddress(model);
    require(parsed, SHA256, address, "is valid only for the address of an .onnx file");
    require(parsed, CATALOGUE, !address, "is valid only for a model's name, not for an address");
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
                  version == null ? OptionalInt.empty() : OptionalInt.of(version),
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

  /** Rejects an option that would have no effect. */
  private static void require(ParseResult parsed, String option, boolean fits, String what) {
    if (parsed.hasMatchedOption(option) && !fits) {
      throw new ParameterException(
          parsed.commandSpec().commandLine(), "%s %s.".formatted(option, what));
    }
  }

  private static PullRequest request(ParseResult parsed, String model, DownloadClient client) {
    Optional<String> name = Optional.ofNullable(parsed.matchedOptionValue(NAME, (String) null));
    if (GraphUrl.isAddress(model)) {
      return GraphUrl.request(
          model, name, Optional.ofNullable(parsed.matchedOptionValue(SHA256, (String) null)));
    }
    Path file = parsed.matchedOptionValue(CATALOGUE, (Path) null);
    Catalogue catalogue = file == null ? Catalogue.builtIn() : Catalogue.read(file);
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
          .ifPresent(
              why -> out.print("It takes tensors and classifies no images: %s.\n".formatted(why)));
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
            result.folder(),
            result.request().name(),
            result.version(),
            result.request().source(),
            licences.isEmpty() ? "" : "Licences: " + licences + "\n",
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
