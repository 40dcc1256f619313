package dev.glimpse.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.glimpse.cli.ModelCheck.Answer;
import dev.glimpse.engine.EngineException;
import dev.glimpse.failure.ServingException;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.postprocess.Classification;
import dev.glimpse.postprocess.Labels;
import dev.glimpse.recipe.Fact;
import dev.glimpse.repository.ModelFolder;
import dev.glimpse.repository.RepositoryScan;
import dev.glimpse.repository.VersionFolders;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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

  /** Runs the command for a model, or for each model of a repository; returns the exit status. */
  int run(Path folder, @Nullable Path image) {
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
      return new Result(true, text(check, imageName), json(check, imageName));
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

  private static String text(ModelCheck check, String image) {
    Table facts = new Table();
    for (Fact fact : check.facts()) {
      facts.row(fact.name(), fact.value(), fact.source());
    }
    return "%s is %s, version %d\n%s\n"
            .formatted(
                check.folder().path(),
                check.folder().name(),
                check.folder().version(),
                facts.indented("  "))
        + check.answer().map(answer -> answered(check, answer, image)).orElse(tensors(check));
  }

  private static String tensors(ModelCheck check) {
    return "It takes tensors, not images: send them to /v2/models/%s/infer.\n\nLoaded in %d ms.\n"
        .formatted(check.folder().name(), check.loadMillis());
  }

  private static String answered(ModelCheck check, Answer answer, String image) {
    Table answers = new Table();
    for (Classification one : answer.best()) {
      answers.row(String.format(Locale.ROOT, "%.4f", one.score()), names(answer.labels(), one));
    }
    String guesses =
        check.facts().stream()
            .filter(fact -> fact.source().startsWith("default ("))
            .map(Fact::name)
            .collect(Collectors.joining(", "));
    return "%s:\n%s\nLoaded in %d ms, answered in %d ms.\n%s"
        .formatted(
            image,
            answers.indented("  "),
            check.loadMillis(),
            answer.millis(),
            guesses.isEmpty()
                ? ""
                : "No file sets %s, so ImageNet defaults are used; add a preprocessor_config.json with the values used in training.\n"
                    .formatted(guesses));
  }

  /** Returns a class's labels in all languages. */
  private static String names(Labels labels, Classification one) {
    return labels.languages().stream()
        .map(language -> labels.in(language).get(one.index()))
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private static ObjectNode json(ModelCheck check, String image) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("folder", check.folder().path().toString());
    root.put("ok", true);
    root.put("model", check.folder().name());
    root.put("version", check.folder().version());
    ArrayNode facts = root.putArray("facts");
    for (Fact fact : check.facts()) {
      facts
          .addObject()
          .put("fact", fact.name())
          .put("value", fact.value())
          .put("source", fact.source());
    }
    root.put("load_ms", check.loadMillis());
    check.answer().ifPresent(answer -> put(root, answer, image));
    return root;
  }

  private static void put(ObjectNode root, Answer answer, String image) {
    root.put("picture", image);
    ArrayNode predictions = root.putArray("predictions");
    for (Classification one : answer.best()) {
      predictions
          .addObject()
          .put("label", one.label())
          .put("score", one.score())
          .put("index", one.index());
    }
    root.put("answer_ms", answer.millis());
  }
}
