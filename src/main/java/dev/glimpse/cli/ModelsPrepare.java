package dev.glimpse.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.failure.Printable;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.model.GraphOptimizer;
import dev.glimpse.repository.ModelFolder;
import dev.glimpse.repository.ModelRepository;
import dev.glimpse.repository.RepositoryScan;
import java.nio.file.Path;

/** Runs {@code models prepare}: optimizes the graphs of the repository for this machine. */
final class ModelsPrepare {

  private final Output out;

  ModelsPrepare(Output out) {
    this.out = out;
  }

  /**
   * Runs the command and returns the exit status. Stops at the first model that cannot be prepared.
   */
  int run() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    ArrayNode files = root.putArray("prepared");
    try {
      GlimpseConfig config = StandaloneConfig.read();
      requireUnverified(config);
      try (StandaloneLoader loading = new StandaloneLoader(config)) {
        GraphOptimizer optimizer = new GraphOptimizer(loading.engine(), loading.loader());
        for (ModelFolder folder : RepositoryScan.findAll(ModelRepository.of(config.models()))) {
          GraphOptimizer.Preparation made = optimizer.prepare(folder);
          made.file().map(Path::toString).ifPresent(files::add);
          if (!out.json()) {
            String what = made.file().map(Path::toString).orElse(made.why());
            out.print(
                "%s/%d: %s\n"
                    .formatted(Printable.of(folder.name()), folder.version(), Printable.of(what)));
          }
        }
      }
      if (out.json()) {
        out.print(root);
      }
      return Commands.OK;
    } catch (UnservableModelException | IllegalArgumentException e) {
      return out.fail(String.valueOf(e.getMessage()), root.put("ok", false));
    }
  }

  /** Keeps a signed folder from being changed: it would not be loaded any more. */
  private static void requireUnverified(GlimpseConfig config) {
    if (config.models().verify().isPresent()) {
      throw new IllegalArgumentException(
          "models prepare writes files beside a model, and glimpse.models.verify is set, by which"
              + " all of them have to be signed: run it without that setting, and sign the folders"
              + " afterwards.");
    }
  }
}
