package dev.glimpse.model;

import dev.glimpse.failure.UnservableModelException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One version of one model on disk: {@code <repository>/<name>/<version>/}, or {@code
 * <repository>/<name>/} for a model without versions, which counts as version 1.
 *
 * @param name the model's name
 * @param version 1 or more
 * @param path the folder that holds its files
 */
public record ModelFolder(String name, int version, Path path) {

  static final String GRAPH = "model.onnx";
  static final String CONFIG = "config.json";
  static final String PREPROCESSOR = "preprocessor_config.json";

  /** DJL's file. */
  static final String SERVING = "serving.properties";

  /** What these hold marks a folder as a model. */
  private static final List<String> MARKS =
      List.of(GRAPH, CONFIG, PREPROCESSOR, SERVING, "onnx/" + GRAPH);

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,8}");

  /**
   * Finds every version of every model in a repository, sorted by name and version. Folders whose
   * names begin with a dot are passed over. A folder with none of a model's files, in itself or in
   * a version of it, is not a model and is passed over.
   *
   * @throws UnservableModelException if there is no model, or a name or a version that cannot be
   */
  public static List<ModelFolder> findAll(Path repository) {
    if (!Files.isDirectory(repository)) {
      throw new UnservableModelException(
          "There is no model repository at "
              + repository.toAbsolutePath().normalize()
              + ": set glimpse.models.path to the folder that holds the models.");
    }
    List<ModelFolder> found = new ArrayList<>();
    for (Path folder : subfolders(repository)) {
      found.addAll(versions(folder, folder.getFileName().toString()));
    }
    if (found.isEmpty()) {
      throw new UnservableModelException(
          "The model repository "
              + repository.toAbsolutePath().normalize()
              + " holds no model: put one into <name>/<version>/"
              + GRAPH
              + ".");
    }
    return found;
  }

  /**
   * Finds every version of one model in a repository, the lowest first.
   *
   * @param name as somebody writes it
   * @return none if there is no such model
   * @throws UnservableModelException if a version cannot be
   */
  static List<ModelFolder> find(Path repository, String name) {
    if (!NAME.matcher(name).matches() || !Files.isDirectory(repository.resolve(name))) {
      return List.of();
    }
    return versions(repository.resolve(name), name);
  }

  /**
   * The model in a folder that lies anywhere: its files, or its versions, of which the highest
   * counts.
   *
   * @throws UnservableModelException if there is none, or a name or a version that cannot be
   */
  public static ModelFolder at(Path path) {
    if (!Files.isDirectory(path)) {
      throw new UnservableModelException("There is no folder " + path + ".");
    }
    Path whole = path.toAbsolutePath().normalize();
    Path name = whole.getFileName();
    Path parent = whole.getParent();
    if (name == null || parent == null) {
      throw new UnservableModelException("Model folder " + path + " has no name.");
    }
    Path above = parent.getFileName();
    if (above != null && looksLikeModel(whole) && VERSION.matcher(name.toString()).matches()) {
      return of(above.toString(), Integer.parseInt(name.toString()), path);
    }
    if (looksLikeModel(whole)) {
      return of(name.toString(), 1, path);
    }
    List<ModelFolder> versions = versions(path, name.toString());
    if (versions.isEmpty()) {
      throw new UnservableModelException(
          "The folder " + path + " holds no model: put a " + GRAPH + " into it.");
    }
    return versions.get(versions.size() - 1);
  }

  /**
   * The graph: {@code model.onnx}, here or in {@code onnx/} as on Hugging Face's hub; in DJL's
   * folder, what DJL takes it for.
   *
   * @throws UnservableModelException if there is none
   */
  Path graph() {
    for (String name : List.of(GRAPH, "onnx/" + GRAPH)) {
      if (Files.isRegularFile(file(name))) {
        return file(name);
      }
    }
    if (Files.exists(file(SERVING))) {
      return DjlGraph.of(this, PropertiesFile.read(this, SERVING));
    }
    throw unservable(GRAPH + " is missing; add it");
  }

  /** A file of this folder. */
  Path file(String fileName) {
    return path.resolve(fileName);
  }

  /**
   * A file's text.
   *
   * @throws UnservableModelException if it is missing or cannot be read as UTF-8
   */
  String read(String fileName) {
    try {
      return Files.readString(file(fileName));
    } catch (NoSuchFileException e) {
      throw unservable(fileName + " is missing; add it", e);
    } catch (IOException e) {
      throw unservable(fileName + " cannot be read as UTF-8 text", e);
    }
  }

  /** One sentence about this folder, for the operator. */
  UnservableModelException unservable(String what) {
    return unservable(what, "", null);
  }

  /** As above, with what led to it. */
  UnservableModelException unservable(String what, Exception cause) {
    return unservable(what, "", cause);
  }

  /** As above, with what another program says of it, which may hold anything. */
  UnservableModelException unservable(String what, String words, @Nullable Exception cause) {
    return new UnservableModelException(
        "Model folder %s: %s%s.".formatted(path, what, words.isEmpty() ? "" : " (" + words + ")"),
        what + ".",
        cause);
  }

  /** Whether a model may be called so. */
  public static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  private static List<ModelFolder> versions(Path folder, String name) {
    if (looksLikeModel(folder)) {
      return List.of(of(name, 1, folder));
    }
    List<ModelFolder> versions = new ArrayList<>();
    for (Path version : subfolders(folder)) {
      String number = version.getFileName().toString();
      if (VERSION.matcher(number).matches()) {
        versions.add(of(name, Integer.parseInt(number), version));
      } else if (looksLikeModel(version)) {
        throw new UnservableModelException(
            "Model folder "
                + version
                + ": a version is a positive whole number, and \""
                + number
                + "\" is not; rename the folder.");
      }
    }
    versions.sort(java.util.Comparator.comparingInt(ModelFolder::version));
    return versions;
  }

  private static ModelFolder of(String name, int version, Path path) {
    if (!isName(name)) {
      throw new UnservableModelException(
          "Model folder "
              + path
              + ": a model's name is 1 to 64 letters, digits, dots, hyphens and underscores, and \""
              + name
              + "\" is not; rename the folder.");
    }
    return new ModelFolder(name, version, path);
  }

  private static boolean looksLikeModel(Path folder) {
    return MARKS.stream().map(folder::resolve).anyMatch(Files::exists);
  }

  /** Such as where something is being copied to, and Kubernetes' {@code ..data}. */
  private static boolean isHidden(Path folder) {
    return folder.getFileName().toString().startsWith(".");
  }

  private static List<Path> subfolders(Path folder) {
    List<Path> folders = new ArrayList<>();
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(folder, entry -> !isHidden(entry) && Files.isDirectory(entry))) {
      entries.forEach(folders::add);
    } catch (IOException e) {
      throw new UnservableModelException("Cannot list the folder " + folder + ".", e);
    }
    folders.sort(null);
    return folders;
  }
}
