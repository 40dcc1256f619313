package dev.glimpse.cli;

import dev.glimpse.config.GlimpseConfig;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.repository.ModelFolder;
import java.util.Optional;

/**
 * What the service would say of a model when it starts: the model is loaded as it would be then.
 */
final class StartCheck {

  private StartCheck() {}

  /** Why the model would not be served; empty if it would be. */
  static Optional<String> problem(ModelFolder folder, GlimpseConfig config) {
    try (StandaloneLoader loading = new StandaloneLoader(config)) {
      loading.loader().load(folder).close();
      return Optional.empty();
    } catch (UnservableModelException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
