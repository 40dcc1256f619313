package dev.glimpse.recipe;

import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.repository.ExternalWeightFiles;
import dev.glimpse.repository.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Summarizes a model from its files, without loading its graph.
 *
 * @param folder the model's folder
 * @param graph the graph; null if it is missing
 * @param bytes the size of the graph and of the files that hold its weights
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
      ModelConfig config = read(folder);
      Optional<ClassNames> names = config.names();
      return new ModelSummary(
          folder,
          graph,
          size(folder, graph),
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

  /** Reads the files that a classifier needs; of other models they may say anything. */
  private static ModelConfig read(ModelFolder folder) {
    DeclaredTask task = DeclaredTask.read(folder);
    if (task.architecture().isPresent() || task.files().isEmpty()) {
      return ModelConfig.NONE;
    }
    ModelConfig config = ModelConfig.read(folder);
    Recipe.read(folder);
    return config;
  }

  private static long size(ModelFolder folder, Path graph) throws IOException {
    long bytes = Files.size(graph);
    String name = folder.path().relativize(graph).toString();
    for (String file : weights(folder, name)) {
      Path path = folder.path().resolve(file);
      bytes += Files.isRegularFile(path) ? Files.size(path) : 0;
    }
    return bytes;
  }

  /** Returns the files of weights; none if the graph cannot be read, which loading it reports. */
  private static Set<String> weights(ModelFolder folder, String graph) throws IOException {
    try {
      return ExternalWeightFiles.of(folder, graph);
    } catch (UnservableModelException e) {
      return Set.of();
    }
  }

  /**
   * Returns why a model cannot be served, as far as the files beside its graph show. The graph need
   * not exist yet.
   */
  public static Optional<String> problemBesideGraph(ModelFolder folder) {
    try {
      ModelConfig config = read(folder);
      config.names().ifPresent(names -> config.labels(folder, names));
      return Optional.empty();
    } catch (UnservableModelException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
