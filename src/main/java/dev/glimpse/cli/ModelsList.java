package dev.glimpse.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.recipe.ModelSummary;
import dev.glimpse.repository.ModelFolder;
import dev.glimpse.repository.ModelRepository;
import dev.glimpse.repository.RepositoryScan;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Runs {@code models list}: prints what the files of the repository say. Loads no graph. */
final class ModelsList {

  private final Output out;

  ModelsList(Output out) {
    this.out = out;
  }

  /** Runs the command and returns the exit status: FAILED if any model's files have a problem. */
  int run() {
    try {
      GlimpseConfig config = StandaloneConfig.read();
      Path repository = config.models().path();
      List<Row> models =
          RepositoryScan.findAll(ModelRepository.of(config.models())).stream()
              .map(folder -> Row.of(folder, config))
              .toList();
      if (out.json()) {
        out.print(json(repository, models));
      } else {
        out.print(text(models));
      }
      boolean ok = models.stream().allMatch(model -> model.problem().isEmpty());
      return ok ? Commands.OK : Commands.FAILED;
    } catch (UnservableModelException | IllegalArgumentException e) {
      return out.fail(
          String.valueOf(e.getMessage()), JsonNodeFactory.instance.objectNode().put("ok", false));
    }
  }

  /** Holds what is printed of one version of a model. */
  private record Row(ModelSummary summary, SignatureCheck signature) {

    private static Row of(ModelFolder folder, GlimpseConfig config) {
      return new Row(ModelSummary.of(folder), SignatureCheck.of(folder, config));
    }

    private Optional<String> problem() {
      return signature.problem().or(summary::problem);
    }
  }

  private static String text(List<Row> models) {
    Table table =
        new Table().row("MODEL", "VERSION", "CLASSES", "LANGUAGES", "SIZE", "SIGNED", "FOLDER");
    for (Row row : models) {
      ModelSummary model = row.summary();
      table.row(
          model.folder().name(),
          Integer.toString(model.folder().version()),
          model.classes().map(String::valueOf).orElse("-"),
          model.languages().isEmpty() ? "-" : String.join(",", model.languages()),
          model.graph() == null ? "-" : size(model.bytes()),
          row.signature().words(),
          row.problem().orElse(model.folder().path().toString()));
    }
    return table.indented("");
  }

  static String size(long bytes) {
    return bytes < 100_000
        ? String.format(Locale.ROOT, "%.1f kB", bytes / 1e3)
        : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }

  private static ObjectNode json(Path repository, List<Row> models) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("repository", repository.toString());
    ArrayNode list = root.putArray("models");
    for (Row row : models) {
      ModelSummary model = row.summary();
      ObjectNode one = list.addObject();
      one.put("name", model.folder().name());
      one.put("version", model.folder().version());
      one.put("folder", model.folder().path().toString());
      one.put("ok", row.problem().isEmpty());
      one.put("signed", row.signature().words());
      model.classes().ifPresent(classes -> one.put("classes", classes));
      ArrayNode languages = one.putArray("languages");
      model.languages().forEach(languages::add);
      if (model.graph() != null) {
        one.put("graph", model.folder().path().relativize(model.graph()).toString());
        one.put("bytes", model.bytes());
      }
      row.problem().ifPresent(problem -> one.put("problem", problem));
    }
    return root;
  }
}
