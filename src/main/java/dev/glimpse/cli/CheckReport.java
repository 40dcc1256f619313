package dev.glimpse.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.glimpse.cli.ModelCheck.Answer;
import dev.glimpse.failure.Printable;
import dev.glimpse.postprocess.Classification;
import dev.glimpse.postprocess.Labels;
import dev.glimpse.recipe.Fact;
import java.util.Locale;
import java.util.stream.Collectors;

/** Describes what {@code models check} has found out about a model. */
final class CheckReport {

  private CheckReport() {}

  /**
   * Returns several lines for people.
   *
   * @param image names the image
   */
  static String text(ModelCheck check, String image) {
    Table facts = new Table();
    for (Fact fact : check.facts()) {
      facts.row(fact.name(), fact.value(), fact.source());
    }
    return "%s is %s, version %d\n%s\n"
            .formatted(
                Printable.of(check.folder().path().toString()),
                Printable.of(check.folder().name()),
                check.folder().version(),
                facts.indented("  "))
        + check.answer().map(answer -> answered(check, answer, image)).orElse(tensors(check));
  }

  private static String tensors(ModelCheck check) {
    return "It takes tensors, not images: send them to /v2/models/%s/infer.\n\nLoaded in %d ms.\n"
        .formatted(Printable.of(check.folder().name()), check.loadMillis());
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
            Printable.of(image),
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

  /** Returns the same for programs. */
  static ObjectNode json(ModelCheck check, String image) {
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
