package dev.glimpse.recipe;

import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.repository.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Summarizes a model from its files, without loading its graph.
 *
 * @param folder the model's folder
 * @param graph the graph; null if it is missing
 * @param bytes the graph's size
 * @param classes how many classes the files name; empty: the graph may name them
 * @param languages the languages of the labels
 * @param problem why the model cannot be served, as far as the files show
 */
public record ModelSummary(
    ModelFolder folder,
    @Nullable Path graph,
    long bytes,
    Optional<Integer> classes,
    List<String> languages,
    Optional<String> problem) {

  /** Reads a folder's files; errors are part of the result. */
  public static ModelSummary of(ModelFolder folder) {
    try {
      Path graph = folder.graph();
      ModelConfig config = ModelConfig.read(folder);
      Recipe.read(folder);
      Optional<ClassNames> names = config.names();
      return new ModelSummary(
          folder,
          graph,
          Files.size(graph),
          names.map(found -> found.labels().size()),
          names
              .map(found -> List.copyOf(config.labels(folder, found).languages()))
              .orElseGet(() -> List.copyOf(new TreeSet<>(config.translations().keySet()))),
          Optional.empty());
    } catch (UnservableModelException | IOException e) {
      return new ModelSummary(
          folder,
          null,
          0,
          Optional.empty(),
          List.of(),
          Optional.of(String.valueOf(e.getMessage())));
    }
  }

  /**
   * Returns why a model cannot be served, as far as the files beside its graph show. The graph need
   * not exist yet.
   */
  public static Optional<String> problemBesideGraph(ModelFolder folder) {
    try {
      ModelConfig config = ModelConfig.read(folder);
      Recipe.read(folder);
      config.names().ifPresent(names -> config.labels(folder, names));
      return Optional.empty();
    } catch (UnservableModelException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
