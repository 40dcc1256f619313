package dev.glimpse.repository;

import dev.glimpse.config.ModelsConfig;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Says where the models are.
 *
 * @param path a folder with a folder for each model, or one model's own folder
 * @param modelName the model's name where the path is its own folder; empty: the folder's name
 */
public record ModelRepository(Path path, Optional<String> modelName) {

  /** Returns the repository that the settings name. */
  public static ModelRepository of(ModelsConfig settings) {
    return new ModelRepository(settings.path(), settings.name());
  }

  /** Returns a repository in which folders give all models their names. */
  public static ModelRepository at(Path path) {
    return new ModelRepository(path, Optional.empty());
  }
}
