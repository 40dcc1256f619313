package dev.glimpse.repository;

import dev.glimpse.failure.Printable;
import dev.glimpse.failure.UnservableModelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Holds the result of listing a model repository. Folders whose names begin with a dot are ignored,
 * as are folders without a model's files, in themselves or in a version's folder.
 *
 * @param models every version of every model, sorted by name and version
 * @param misnamed an error for each folder that holds a model and has an invalid name
 * @param unlisted the names of the folders that could not be listed, whose content is unknown
 * @param remarks sentences about ignored folders that may be meant as models
 */
public record RepositoryScan(
    List<ModelFolder> models,
    List<UnservableModelException> misnamed,
    Set<String> unlisted,
    List<String> remarks) {

  /**
   * Finds every version of every model in a repository, sorted by name and version. Skips folders
   * whose names begin with a dot, and folders without a model's files.
   *
   * @throws UnservableModelException if there is no model, or a name or version is invalid
   */
  public static List<ModelFolder> findAll(Path repository) {
    return of(repository).requireNames().models();
  }

  /**
   * Lists a repository.
   *
   * @throws UnservableModelException if it cannot be listed, or holds no model
   */
  public static RepositoryScan of(Path repository) {
    Path whole = repository.toAbsolutePath().normalize();
    if (!Files.isDirectory(repository)) {
      throw new UnservableModelException(
          "There is no model repository at "
              + whole
              + ": set glimpse.models.path to the folder that holds the models.");
    }
    RepositoryScan found =
        new RepositoryScan(
            new ArrayList<>(), new ArrayList<>(), new HashSet<>(), new ArrayList<>());
    VersionFolders.subfolders(repository).forEach(found::look);
    if (found.models.isEmpty()) {
      found.requireNames();
      String nothing =
          "The model repository %s holds no model: put one into <name>/<version>/%s."
              .formatted(whole, ModelFolder.GRAPH);
      throw new UnservableModelException(
          String.join(" ", Stream.concat(Stream.of(nothing), found.remarks.stream()).toList()));
    }
    return found;
  }

  private void look(Path folder) {
    String name = folder.getFileName().toString();
    try {
      VersionFolders versions = VersionFolders.in(folder, name);
      models.addAll(versions.good());
      misnamed.addAll(versions.misnamed());
      remarks.addAll(versions.remarks());
    } catch (UnservableModelException e) { // e.g. lost+found
      unlisted.add(name);
      remarks.add(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Requires that all folder names are valid.
   *
   * @throws UnservableModelException the first of {@link #misnamed}
   */
  public RepositoryScan requireNames() {
    if (!misnamed.isEmpty()) {
      throw misnamed.get(0);
    }
    return this;
  }

  /** Describes what is ignored, in sentences. */
  public List<String> passedOver() {
    return Stream.concat(
            misnamed.stream().map(e -> String.valueOf(e.getMessage())), remarks.stream())
        .map(sentence -> "Ignored: " + Printable.of(sentence))
        .toList();
  }

  /** Returns whether the repository may hold this folder, as far as this scan could tell. */
  public boolean mayHold(ModelFolder folder) {
    return unlisted.contains(folder.name()) || models.contains(folder);
  }

  /** Returns whether the repository may hold this version, as far as this scan could tell. */
  public boolean mayHold(String name, int version) {
    return unlisted.contains(name)
        || models.stream()
            .anyMatch(folder -> folder.name().equals(name) && folder.version() == version);
  }
}
