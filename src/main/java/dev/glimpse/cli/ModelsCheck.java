package dev.glimpse.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.glimpse.engine.EngineException;
import dev.glimpse.engine.OnnxRuntimeEngine;
import dev.glimpse.failure.ServingException;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.repository.ModelFolder;
import dev.glimpse.repository.RepositoryScan;
import dev.glimpse.repository.VersionFolders;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/**
 * Runs {@code models check <folder> [image]}: loads a model, or each one of a repository,
 * classifies an image with it, and prints what was understood of its files, or what is missing.
 */
final class ModelsCheck {

  private static final String DEFAULT_IMAGE = "/warm-up.jpg";
  private static final String DRAWING = "a drawing of a daisy";

  private final Output out;

  ModelsCheck(Output out) {
    this.out = out;
  }

  /** Adds the command's parameters. */
  static CommandSpec addTo(CommandSpec command) {
    return command
        .addPositional(
            CommandOptions.parameter(
                0,
                "<folder>",
                Path.class,
                "The model's folder, that of one of its versions, or a repository, of which each"
                    + " model is checked."))
        .addPositional(
            PositionalParamSpec.builder()
                .index("1")
                .arity("0..1")
                .paramLabel("<image>")
                .type(Path.class)
                .description("The image to classify; default: a drawing of a daisy.")
                .build());
  }

  /** Runs the command and returns the exit status. */
  int run(ParseResult parsed) {
    OnnxRuntimeEngine.startEarly();
    return run(
        parsed.matchedPositionalValue(0, Path.of("")), parsed.matchedPositionalValue(1, null));
  }

  /** Checks a model, or each model of a repository. */
  private int run(Path folder, @Nullable Path image) {
    Optional<RepositoryScan> repository = RepositoryScan.ofModels(folder);
    return repository.isPresent()
        ? all(folder, repository.get(), image)
        : print(check(folder, image));
  }

  /** Checks every model, and goes on after one with a problem. */
  private int all(Path folder, RepositoryScan repository, @Nullable Path image) {
    int status = repository.misnamed().isEmpty() ? Commands.OK : Commands.FAILED;
    ArrayNode models = JsonNodeFactory.instance.arrayNode();
    for (ModelFolder model : repository.models()) {
      Result result = check(model.path(), image);
      status = Math.max(status, result.ok() ? Commands.OK : Commands.FAILED);
      models.add(result.json());
      if (!out.json()) {
        print(result);
        out.print("\n");
      }
    }
    ArrayNode ignored = JsonNodeFactory.instance.arrayNode();
    repository.warnings().forEach(ignored::add);
    if (out.json()) {
      ObjectNode root = JsonNodeFactory.instance.objectNode();
      root.put("repository", folder.toString()).put("ok", status == Commands.OK);
      root.set("models", models);
      root.set("ignored", ignored);
      out.print(root);
    } else {
      ignored.forEach(sentence -> out.fail(sentence.asText(), root(folder)));
    }
    return status;
  }

  /**
   * Holds what was found out about a model.
   *
   * @param text what is printed for people: what was understood, or the problem
   */
  private record Result(boolean ok, String text, ObjectNode json) {}

  private int print(Result result) {
    if (!result.ok()) {
      return out.fail(result.text(), result.json());
    }
    if (out.json()) {
      out.print(result.json());
    } else {
      out.print(result.text());
    }
    return Commands.OK;
  }

  private static Result check(Path folder, @Nullable Path image) {
    try {
      ModelFolder model = VersionFolders.highest(folder);
      ModelCheck check = ModelCheck.of(model, bytes(image), StandaloneConfig.read());
      String imageName = image == null ? DRAWING : image.toString();
      return new Result(
          true, CheckReport.text(check, imageName), CheckReport.json(check, imageName));
    } catch (UnservableModelException | IllegalArgumentException e) {
      return failed(String.valueOf(e.getMessage()), folder);
    } catch (ServingException e) {
      return failed("The image: " + e.detail(), folder);
    } catch (EngineException e) {
      return failed("The graph fails on the image: " + e.oneLine(), folder);
    } catch (IOException e) {
      return failed(
          "The image " + image + " cannot be read; check its path and permissions.", folder);
    }
  }

  private static byte[] bytes(@Nullable Path image) throws IOException {
    if (image != null) {
      return Files.readAllBytes(image);
    }
    try (InputStream in = ModelsCheck.class.getResourceAsStream(DEFAULT_IMAGE)) {
      return Objects.requireNonNull(in, DEFAULT_IMAGE).readAllBytes();
    }
  }

  private static Result failed(String problem, Path folder) {
    return new Result(false, problem, root(folder).put("ok", false).put("problem", problem));
  }

  private static ObjectNode root(Path folder) {
    return JsonNodeFactory.instance.objectNode().put("folder", folder.toString());
  }
}
