package dev.glimpse.repository;

import dev.glimpse.failure.Printable;
import dev.glimpse.failure.UnservableModelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
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

  /** Names that people give versions, and no models. */
  private static final Pattern MEANT_AS_VERSION =
      Pattern.compile("(?i)v?[\\d.]+.*|latest|current|stable|main|best|final|old|new");

  /**
   * Finds every version of every model in a repository, sorted by name and version. Skips folders
   * whose names begin with a dot, and folders without a model's files.
   *
   * @throws UnservableModelException if there is no model, or a name or version is invalid
   */
  public static List<ModelFolder> findAll(ModelRepository repository) {
    return of(repository).requireNames().models();
  }

  /**
   * Lists a repository.
   *
   * @throws UnservableModelException if it cannot be listed, or holds no model
   */
  public static RepositoryScan of(Path repository) {
    return of(ModelRepository.at(repository));
  }

  /**
   * Lists a repository, which may be one model's own folder.
   *
   * @throws UnservableModelException if it cannot be listed, or holds no model
   */
  public static RepositoryScan of(ModelRepository models) {
    Path repository = models.path();
    Path whole = repository.toAbsolutePath().normalize();
    if (!Files.isDirectory(repository)) {
      throw new UnservableModelException(
          "There is no model repository at %s%s: set glimpse.models.path to the folder that holds the models."
              .formatted(whole, Files.exists(repository) ? ", which is a file" : ""));
    }
    RepositoryScan found =
        new RepositoryScan(
            new ArrayList<>(), new ArrayList<>(), new HashSet<>(), new ArrayList<>());
    VersionFolders.subfolders(repository).forEach(found::add);
    if (found.isOneModel(repository)) {
      return ofModel(whole, models.modelName());
    }
    models
        .modelName()
        .ifPresent(name ->
            found.remarks.add(
                "The setting glimpse.models.name, \"%s\", as the folders in %s give the models their names."
                    .formatted(name, whole)));
    for (String graph : GraphFiles.in(repository)) {
      found.remarks.add(
          "The file %s is in the repository itself, and in no model's folder: move it into <name>/<version>/."
              .formatted(whole.resolve(graph)));
    }
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

  /**
   * Returns whether the repository is a model's own folder: it holds the model's files, perhaps
   * with the graph in a folder of its own, or versions and no other models.
   */
  private boolean isOneModel(Path repository) {
    if (!misnamed.isEmpty()) {
      return false;
    }
    if (models.isEmpty()) {
      return ModelFolder.looksLikeModel(repository);
    }
    boolean graphApart = ModelFolder.isConfiguredBesideGraph(repository);
    return models.stream()
        .allMatch(model ->
            (graphApart
                    ? model.name().equals(ModelFolder.GRAPHS)
                    : VersionFolders.isNumber(model.name()))
                && model.path().equals(repository.resolve(model.name())));
  }

  private static RepositoryScan ofModel(Path folder, Optional<String> name) {
    VersionFolders versions = VersionFolders.at(folder, name);
    return new RepositoryScan(
            versions.good(), versions.misnamed(), new HashSet<>(), versions.remarks())
        .requireNames();
  }

  /**
   * Finds the versions of a model of a repository, which may be the model's own folder.
   *
   * @return empty if there is no such folder
   * @throws UnservableModelException if it cannot be listed
   */
  public static Optional<VersionFolders> versions(ModelRepository repository, String name) {
    Path folder = repository.path().resolve(name);
    if (Files.isDirectory(folder) && !VersionFolders.isNumber(name)) {
      return Optional.of(VersionFolders.in(folder, name));
    }
    List<ModelFolder> versions;
    try {
      versions = of(repository).models.stream().filter(model -> model.name().equals(name)).toList();
    } catch (UnservableModelException e) {
      return Optional.empty(); // a scan reports it
    }
    return versions.isEmpty()
        ? Optional.empty()
        : Optional.of(new VersionFolders(versions, List.of(), List.of()));
  }

  /**
   * Lists a folder that holds models; empty if it is itself a model, or holds none.
   *
   * @param folder may be missing
   */
  public static Optional<RepositoryScan> ofModels(Path folder) {
    try {
      boolean model =
          !VersionFolders.at(folder).good().isEmpty()
              || VersionFolders.subfolders(folder).stream()
                  .map(version -> version.getFileName().toString())
                  .allMatch(name -> MEANT_AS_VERSION.matcher(name).matches());
      return model ? Optional.empty() : Optional.of(of(folder));
    } catch (UnservableModelException e) {
      return Optional.empty();
    }
  }

  private void add(Path folder) {
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

  /** Returns sentences about folders that are ignored, for operators. */
  public List<String> warnings() {
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
