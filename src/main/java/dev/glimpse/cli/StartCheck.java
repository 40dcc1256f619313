package dev.glimpse.cli;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.model.Model;
import dev.glimpse.recipe.Fact;
import dev.glimpse.recipe.ServedTask;
import dev.glimpse.repository.ModelFolder;
import java.util.Optional;

/**
 * Holds what came of loading a model as the service does at its start.
 *
 * @param problem why the model cannot be served; empty if it can
 * @param tensors why it takes tensors only; empty if it classifies images, or cannot be served
 */
record StartCheck(Optional<String> problem, Optional<String> tensors) {

  /** Loads a model and closes it. */
  static StartCheck of(ModelFolder folder, GlimpseConfig config) {
    try (StandaloneLoader loading = new StandaloneLoader(config);
        Model model = loading.loader().load(folder)) {
      return new StartCheck(
          Optional.empty(),
          model.facts().get().stream()
              .filter(fact -> fact.name().equals(ServedTask.FACT))
              .findFirst()
              .map(Fact::source));
    } catch (UnservableModelException e) {
      return new StartCheck(Optional.of(String.valueOf(e.getMessage())), Optional.empty());
    }
  }
}
