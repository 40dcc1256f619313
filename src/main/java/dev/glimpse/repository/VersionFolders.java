package dev.glimpse.repository;

import dev.glimpse.config.ModelName;
import dev.glimpse.config.VersionNumber;
import dev.glimpse.failure.UnservableModelException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Holds the folders of one model's versions.
 *
 * @param good the lowest first; empty if there is no model
 * @param misnamed an error for each folder that holds a model and has an invalid name
 * @param remarks a sentence about a folder that is not a model but has a graph of another name
 */
public record VersionFolders(
    List<ModelFolder> good, List<UnservableModelException> misnamed, List<String> remarks) {

  private static final Pattern NUMBER = Pattern.compile(VersionNumber.PATTERN);

  /**
   * Lists a model's folder.
   *
   * @param name the model's name; may be invalid
   * @throws UnservableModelException if it cannot be listed
   */
  public static VersionFolders in(Path folder, String name) {
    if (ModelFolder.looksLikeModel(folder) && !hasOnlyVersions(folder)) {
      return of(new ModelFolder(name, 1, folder));
    }
    VersionFolders versions = none();
    for (Path version : subfolders(folder)) {
      String number = version.getFileName().toString();
      if (isNumber(number)) {
        versions.add(new ModelFolder(name, Integer.parseInt(number), version));
      } else if (ModelFolder.looksLikeModel(version)) {
        versions.misnamed.add(
            new UnservableModelException(
                "Model folder "
                    + version
                    + ": a version is "
                    + VersionNumber.WORDS
                    + ", and \""
                    + number
                    + "\" is not; rename the folder."));
      }
    }
    if (versions.good.isEmpty() && versions.misnamed.isEmpty()) {
      versions.remark(folder);
    }
    versions.good.sort(Comparator.comparingInt(ModelFolder::version));
    return versions;
  }

  /**
   * Returns whether a folder has no graph, but folders of versions that have one: what else it
   * holds is then configuration that the versions share.
   */
  private static boolean hasOnlyVersions(Path folder) {
    return !ModelFolder.holdsGraph(folder)
        && subfolders(folder).stream()
            .anyMatch(version ->
                isNumber(version.getFileName().toString()) && ModelFolder.holdsGraph(version));
  }

  /**
   * Finds the model in a folder that need not lie in a repository: the folder's own files, or the
   * highest of its versions.
   *
   * @throws UnservableModelException if there is no model, or its name or version is invalid
   */
  public static ModelFolder highest(Path path) {
    if (!Files.isDirectory(path)) {
      throw new UnservableModelException("There is no folder " + path + ".");
    }
    List<ModelFolder> versions = at(path).orThrow();
    if (versions.isEmpty()) {
      throw new UnservableModelException(
          "The folder %s holds no model: %s.".formatted(path, GraphFiles.missing(path)));
    }
    return versions.get(versions.size() - 1);
  }

  /**
   * Finds the versions of the model in a folder, by the names of the folder and of the one above.
   *
   * @param path a model's own folder, or that of one of its versions
   * @throws UnservableModelException if it has no name, or cannot be listed
   */
  static VersionFolders at(Path path) {
    return at(path, Optional.empty());
  }

  /**
   * Finds the versions of the model in a folder.
   *
   * @param path a model's own folder, or that of one of its versions
   * @param modelName the model's name; empty: the name of the folder, or of the one above
   * @throws UnservableModelException if it has no name, or cannot be listed
   */
  static VersionFolders at(Path path, Optional<String> modelName) {
    Path whole = path.toAbsolutePath().normalize();
    Path name = whole.getFileName();
    Path parent = whole.getParent();
    if (name == null || parent == null) {
      throw new UnservableModelException("Model folder " + path + " has no name.");
    }
    Path above = parent.getFileName();
    if (above != null && ModelFolder.looksLikeModel(whole) && isNumber(name.toString())) {
      int version = Integer.parseInt(name.toString());
      return of(new ModelFolder(modelName.orElse(above.toString()), version, path));
    }
    return in(path, modelName.orElse(name.toString()));
  }

  private static VersionFolders none() {
    return new VersionFolders(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
  }

  /** Adds a remark on a folder with a graph of another name, which is not a model. */
  private void remark(Path folder) {
    if (!GraphFiles.in(folder).isEmpty()) {
      remarks.add(
          "The folder %s is not a model: %s.".formatted(folder, GraphFiles.missing(folder)));
    }
  }

  /** Returns a single version. */
  static VersionFolders of(ModelFolder folder) {
    VersionFolders versions = none();
    versions.add(folder);
    return versions;
  }

  private void add(ModelFolder folder) {
    if (ModelName.isValid(folder.name())) {
      good.add(folder);
    } else {
      misnamed.add(
          new UnservableModelException(
              "Model folder "
                  + folder.path()
                  + ": a model's name is "
                  + ModelName.WORDS
                  + ", and \""
                  + folder.name()
                  + "\" is not; rename the folder."));
    }
  }

  /**
   * Returns the versions if all names are valid.
   *
   * @throws UnservableModelException the first of {@link #misnamed}
   */
  public List<ModelFolder> orThrow() {
    if (!misnamed.isEmpty()) {
      throw misnamed.get(0);
    }
    return good;
  }

  /** Returns whether a folder of this name is a version. */
  static boolean isNumber(String name) {
    return NUMBER.matcher(name).matches();
  }

  /**
   * Lists the folders in a folder, sorted, without hidden ones such as Kubernetes' {@code ..data}
   * and the targets of unfinished copies.
   *
   * @throws UnservableModelException if it cannot be listed
   */
  static List<Path> subfolders(Path folder) {
    List<Path> folders = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        if (!entry.getFileName().toString().startsWith(".") && Files.isDirectory(entry)) {
          folders.add(entry);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      throw new UnservableModelException(
          "Cannot list the folder " + folder + "; check its permissions.", e);
    }
    folders.sort(null);
    return folders;
  }
}
