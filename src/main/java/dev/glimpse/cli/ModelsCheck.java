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
import dev.glimpse.repository.VersionFolders;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code models check <folder> [picture]}: loads a model, shows it a picture, and tells what was
 * understood, or what is missing.
 */
final class ModelsCheck {

  private static final String PICTURE = "/warm-up.jpg";
  private static final String DRAWING = "a drawing of a daisy";

  private final Output out;

  ModelsCheck(Output out) {
    this.out = out;
  }

  /** Returns the exit status. */
  int run(Path folder, @Nullable Path picture) {
    try {
      ModelFolder model = VersionFolders.highest(folder);
      ModelCheck trial = ModelCheck.of(model, bytes(picture), StandaloneConfig.read());
      String shown = picture == null ? DRAWING : picture.toString();
      if (out.json()) {
        out.print(json(trial, shown));
      } else {
        out.print(text(trial, shown));
      }
      return Commands.GOOD;
    } catch (UnservableModelException | IllegalArgumentException e) {
      return out.fail(String.valueOf(e.getMessage()), failed(folder));
    } catch (ServingException e) {
      return out.fail("The picture: " + e.detail(), failed(folder));
    } catch (EngineException e) {
      return out.fail("The graph fails on the picture: " + oneLine(e), failed(folder));
    } catch (IOException e) {
      return out.fail("The picture " + picture + " cannot be read.", failed(folder));
    }
  }

  private static byte[] bytes(@Nullable Path picture) throws IOException {
    if (picture != null) {
      return Files.readAllBytes(picture);
    }
    try (InputStream in = ModelsCheck.class.getResourceAsStream(PICTURE)) {
      return Objects.requireNonNull(in, PICTURE).readAllBytes();
    }
  }

  private static String oneLine(EngineException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("").strip();
  }

  private static ObjectNode failed(Path folder) {
    return JsonNodeFactory.instance.objectNode().put("folder", folder.toString()).put("ok", false);
  }

  private static String text(ModelCheck trial, String picture) {
    Table facts = new Table();
    for (Fact fact : trial.facts()) {
      facts.row(fact.name(), fact.value(), fact.source());
    }
    return "%s is %s, version %d\n%s\n"
            .formatted(
                trial.folder().path(),
                trial.folder().name(),
                trial.folder().version(),
                facts.indented("  "))
        + trial.answer().map(answer -> answered(trial, answer, picture)).orElse(tensors(trial));
  }

  private static String tensors(ModelCheck trial) {
    return "It takes no pictures but tensors, at /v2/models/%s/infer.\n\nLoaded in %d ms.\n"
        .formatted(trial.folder().name(), trial.loadMillis());
  }

  private static String answered(ModelCheck trial, Answer answer, String picture) {
    Table answers = new Table();
    for (Classification one : answer.best()) {
      answers.row(String.format(Locale.ROOT, "%.4f", one.score()), names(answer.labels(), one));
    }
    String guesses =
        trial.facts().stream()
            .filter(fact -> fact.source().startsWith("default ("))
            .map(Fact::name)
            .collect(Collectors.joining(", "));
    return "%s:\n%s\nLoaded in %d ms, answered in %d ms.\n%s"
        .formatted(
            picture,
            answers.indented("  "),
            trial.loadMillis(),
            answer.millis(),
            guesses.isEmpty()
                ? ""
                : "No file sets %s, so ImageNet defaults are used; add a preprocessor_config.json with the values used in training.\n"
                    .formatted(guesses));
  }

  /** A class in every language. */
  private static String names(Labels labels, Classification one) {
    return labels.languages().stream()
        .map(language -> labels.in(language).get(one.index()))
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private static ObjectNode json(ModelCheck trial, String picture) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("folder", trial.folder().path().toString());
    root.put("ok", true);
    root.put("model", trial.folder().name());
    root.put("version", trial.folder().version());
    ArrayNode facts = root.putArray("facts");
    for (Fact fact : trial.facts()) {
      facts
          .addObject()
          .put("fact", fact.name())
          .put("value", fact.value())
          .put("source", fact.source());
    }
    root.put("load_ms", trial.loadMillis());
    trial.answer().ifPresent(answer -> put(root, answer, picture));
    return root;
  }

  private static void put(ObjectNode root, Answer answer, String picture) {
    root.put("picture", picture);
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
