package dev.glimpse.model;

import dev.glimpse.recipe.ModelConfig;
import dev.glimpse.recipe.Recipe;
import dev.glimpse.repository.ModelFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Holds what the files in a model's folder say, before its graph is opened.
 *
 * @param folder the model's folder
 * @param graph the exported graph
 * @param config labels and the kind of problem
 * @param recipe preprocessing; empty: the graph has to say it
 * @param graphsOnly whether the folder holds no file that could make a classifier of the graph
 */
record ModelFiles(
    ModelFolder folder,
    Path graph,
    ModelConfig config,
    Optional<Recipe> recipe,
    boolean graphsOnly) {

  /**
   * Reads the files of a model.
   *
   * @throws dev.glimpse.failure.UnservableModelException if one is missing or invalid
   */
  static ModelFiles read(ModelFolder folder) {
    Path graph = folder.graph();
    return new ModelFiles(
        folder, graph, ModelConfig.read(folder), Recipe.read(folder), holdsGraphsOnly(folder));
  }

  /** Weights or a README may lie beside the graph; configuration and labels may not. */
  private static boolean holdsGraphsOnly(ModelFolder folder) {
    try (Stream<Path> files = Files.list(folder.path())) {
      return files
          .map(file -> file.getFileName().toString())
          .noneMatch(name ->
              name.endsWith(".json") || name.endsWith(".txt") || name.endsWith(".properties"));
    } catch (IOException | UncheckedIOException e) {
      throw folder.unservable("it cannot be read, or is being changed", e);
    }
  }

  /** Returns the graph's path in the folder, for messages. */
  String graphName() {
    return folder.path().relativize(graph).toString();
  }
}
