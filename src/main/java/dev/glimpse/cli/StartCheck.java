package dev.glimpse.cli;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.repository.ModelFolder;
import java.util.Optional;

/**
 * Checks whether the service could serve a model, by loading it as the service does at its start.
 */
final class StartCheck {

  private StartCheck() {}

  /** Returns why the model cannot be served; empty if it can. */
  static Optional<String> problem(ModelFolder folder, GlimpseConfig config) {
    try (StandaloneLoader loading = new StandaloneLoader(config)) {
      loading.loader().load(folder).close();
      return Optional.empty();
    } catch (UnservableModelException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
