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
import dev.glimpse.pull.PullResult.Arrived;
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

/** {@code models pull <model>}: fetches a model into the repository. */
final class ModelsPull {

  private static final String NAME = "--name";
  private static final String VERSION = "--version";
  private static final String FORCE = "--force";
  private static final String SHA256 = "--sha256";
  private static final String CATALOGUE = "--catalogue";
  private static final String HUB = "--hub";
  private static final String MAX_BYTES = "--max-bytes";

  private final Output out;
  private final RetryPolicy patience;
  private final String token;

  /**
   * Fetches nothing yet.
   *
   * @param token who asks the hub; empty: nobody in particular
   */
  ModelsPull(Output out, RetryPolicy patience, String token) {
    this.out = out;
    this.patience = patience;
    this.token = token;
  }

  /** Adds what it takes. */
  static CommandSpec options(CommandSpec command) {
    return command
        .addOption(option(NAME, "<name>", String.class, "What to call it in the repository."))
        .addOption(
            option(
                VERSION,
                "<number>",
                int.class,
                "Which version it is to be, 1 to %d; the next free one."
                    .formatted(VersionNumber.HIGHEST)))
        .addOption(
            OptionSpec.builder(FORCE)
                .type(boolean.class)
                .description("Replaces that version, if it is there.")
                .build())
        .addOption(option(SHA256, "<digits>", String.class, "Of the file at an address."))
        .addOption(
            option(CATALOGUE, "<file>", Path.class, "Names of models; left out, Glimpse's own."))
        .addOption(
            OptionSpec.builder(HUB)
                .paramLabel("<address>")
                .type(String.class)
                .defaultValue("${env:HF_ENDPOINT:-https://huggingface.co}")
                .description(
                    "Hugging Face's hub, or a mirror of it; HF_TOKEN may hold a token for it.")
                .build())
        .addOption(
            OptionSpec.builder(MAX_BYTES)
                .paramLabel("<number>")
                .type(long.class)
                .defaultValue("4000000000")
                .description("The most that a file may have.")
                .build())
        .addPositional(
            PositionalParamSpec.builder()
                .index("0")
                .arity("1")
                .required(true)
                .paramLabel("<model>")
                .type(String.class)
                .description(
                    "A name of the catalogue, <organisation>/<name> on Hugging Face's hub, or the"
                        + " https address of an .onnx file.")
                .build());
  }

  private static OptionSpec option(String name, String label, Class<?> type, String description) {
    return OptionSpec.builder(name).paramLabel(label).type(type).description(description).build();
  }

  /** Returns the exit status. */
  int run(ParseResult parsed) {
    @Nullable Integer version = parsed.matchedOptionValue(VERSION, (Integer) null);
    if (version != null && (version < 1 || version > VersionNumber.HIGHEST)) {
      throw new ParameterException(
          parsed.commandSpec().commandLine(), "%s is %s.".formatted(VERSION, VersionNumber.WORDS));
    }
    String model = parsed.matchedPositionalValue(0, "");
    boolean address = GraphUrl.isAddress(model);
    require(parsed, SHA256, address, "is for the address of an .onnx file");
    require(parsed, CATALOGUE, !address, "is for a model's name, not for an address");
    try {
      GlimpseConfig config = StandaloneConfig.read();
      DownloadClient web =
          new DownloadClient(patience, BearerToken.of(hub(parsed), HuggingFaceHub.TOKEN, token));
      PullRequest order = order(parsed, model, web);
      PullProgress progress = new PullProgress(out, PullProgress.isTerminal());
      long bound = parsed.commandSpec().findOption(MAX_BYTES).getValue();
      PullResult pulled =
          new ModelPull(config.models().path(), web, progress, bound)
              .run(
                  order,
                  version == null ? OptionalInt.empty() : OptionalInt.of(version),
                  parsed.hasMatchedOption(FORCE));
      return tell(pulled, StartCheck.problem(folder(pulled), config));
    } catch (FetchException | IllegalArgumentException e) {
      return out.fail(
          String.valueOf(e.getMessage()), JsonNodeFactory.instance.objectNode().put("ok", false));
    }
  }

  private static String hub(ParseResult parsed) {
    return parsed.commandSpec().findOption(HUB).getValue();
  }

  /** What would be passed over is refused. */
  private static void require(ParseResult parsed, String option, boolean fits, String what) {
    if (parsed.hasMatchedOption(option) && !fits) {
      throw new ParameterException(
          parsed.commandSpec().commandLine(), "%s %s.".formatted(option, what));
    }
  }

  private static PullRequest order(ParseResult parsed, String model, DownloadClient web) {
    Optional<String> name = Optional.ofNullable(parsed.matchedOptionValue(NAME, (String) null));
    if (GraphUrl.isAddress(model)) {
      return GraphUrl.order(
          model, name, Optional.ofNullable(parsed.matchedOptionValue(SHA256, (String) null)));
    }
    Path file = parsed.matchedOptionValue(CATALOGUE, (Path) null);
    Catalogue catalogue = file == null ? Catalogue.own() : Catalogue.read(file);
    Optional<PullRequest> found = catalogue.find(model, name);
    if (found.isEmpty() && HuggingFaceHub.isName(model)) {
      found = Optional.of(new HuggingFaceHub(web, hub(parsed)).order(model, name));
    }
    return found.orElseThrow(() ->
        new IllegalArgumentException(
            "No model is called %s; the catalogue has %s."
                .formatted(model, String.join(", ", catalogue.names()))));
  }

  private static ModelFolder folder(PullResult pulled) {
    return new ModelFolder(pulled.order().name(), pulled.version(), pulled.folder());
  }

  private int tell(PullResult pulled, Optional<String> problem) {
    if (!out.json()) {
      out.print(text(pulled));
    } else if (problem.isEmpty()) {
      out.print(json(pulled));
    }
    if (problem.isEmpty()) {
      return Commands.GOOD;
    }
    out.fail(
        "It is in its place, but it is not served like that, and may keep the service from starting. %s `models check %s` tells when all is well."
            .formatted(problem.get(), pulled.folder()),
        json(pulled).put("ok", false));
    return Commands.UNFINISHED;
  }

  private static String text(PullResult pulled) {
    String licences =
        pulled.files().stream()
            .flatMap(file -> file.licence().stream().map(words -> file.path() + ": " + words))
            .collect(Collectors.joining("; "));
    String unchecked =
        pulled.files().stream()
            .filter(file -> !file.checked())
            .map(Arrived::path)
            .collect(Collectors.joining(", "));
    return "%s is %s, version %d, from %s\n%s%s"
        .formatted(
            pulled.folder(),
            pulled.order().name(),
            pulled.version(),
            pulled.order().source(),
            licences.isEmpty() ? "" : "Licences: " + licences + "\n",
            unchecked.isEmpty() ? "" : "No checksum was known beforehand of " + unchecked + "\n");
  }

  private static ObjectNode json(PullResult pulled) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("ok", true);
    root.put("model", pulled.order().name());
    root.put("version", pulled.version());
    root.put("folder", pulled.folder().toString());
    root.put("source", pulled.order().source());
    ArrayNode files = root.putArray("files");
    for (Arrived file : pulled.files()) {
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
