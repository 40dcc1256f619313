package dev.glimpse.repository;

import dev.glimpse.failure.UnservableModelException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Locates one version of one model on disk: {@code <repository>/<name>/<version>/}, or {@code
 * <repository>/<name>/} for a model without versions, which counts as version 1.
 *
 * @param name the model's name
 * @param version 1 or more
 * @param path the folder that holds its files
 * @param shown the folder that messages name: {@code path}, unless that is a copy
 */
public record ModelFolder(String name, int version, Path path, Path shown) {

  public static final String GRAPH = "model.onnx";

  /** The folder of the graphs beside the configuration, as on Hugging Face's hub. */
  static final String GRAPHS = "onnx";

  public static final String CONFIG = "config.json";
  public static final String PREPROCESSOR = "preprocessor_config.json";

  /** Configures all processors of a model, as newer versions of transformers write it. */
  public static final String PROCESSOR = "processor_config.json";

  /** Configures the model in DJL Serving. */
  public static final String SERVING = "serving.properties";

  /** A folder with one of these files is a model. */
  private static final List<String> MARKS =
      List.of(GRAPH, CONFIG, PREPROCESSOR, SERVING, GRAPHS + "/" + GRAPH);

  /** Configuration and labels, without what {@code models prepare} writes. */
  private static final Pattern SHARED =
      Pattern.compile(
          "(?!model\\.prepared)[^/\\\\]+\\.(json|txt|properties|pbtxt|csv|lst|labels|names)|labels");

  private static final String BYTE_ORDER_MARK = "\uFEFF";

  /** Locates a version in its own folder. */
  public ModelFolder(String name, int version, Path path) {
    this(name, version, path, path);
  }

  /** Returns the path that messages give a file in this folder. */
  public Path shownAs(Path file) {
    return shown.resolve(path.relativize(file));
  }

  /** Locates a copy of this version's files, which shares no files with other versions. */
  public ModelFolder copiedTo(Path copy) {
    return new ModelFolder(name, version, copy, shown);
  }

  /**
   * Returns the graph: {@code model.onnx}, here or in {@code onnx/} as on Hugging Face's hub; or
   * else the graph that DJL Serving would load, or the only one there is.
   *
   * @throws UnservableModelException if there is no graph
   */
  public Path graph() {
    for (String name : List.of(GRAPH, GRAPHS + "/" + GRAPH)) {
      if (Files.isRegularFile(file(name))) {
        requireFile(name);
        return file(name);
      }
    }
    requireFile(GRAPH);
    if (Files.exists(file(SERVING))) {
      return DjlGraph.of(this, PropertiesFile.read(this, SERVING));
    }
    List<String> graphs = GraphFiles.in(path);
    if (graphs.size() == 1) {
      requireFile(graphs.get(0));
      return file(graphs.get(0));
    }
    throw unservable(GraphFiles.missing(path));
  }

  /**
   * Returns the path of a file in this folder; of a configuration or label file that is not there,
   * the path beside the folders of the model's versions, if it is there, as in Triton's layout.
   */
  public Path file(String fileName) {
    Path own = path.resolve(fileName);
    Optional<Path> shared =
        isShared(fileName) && !Files.exists(own, LinkOption.NOFOLLOW_LINKS)
            ? shared().map(folder -> folder.resolve(fileName)).filter(Files::exists)
            : Optional.empty();
    return shared.orElse(own);
  }

  /** Returns the folders in which {@link #file} looks for configuration, the first first. */
  public List<Path> folders() {
    return Stream.concat(Stream.of(path), shared().stream()).toList();
  }

  /**
   * Returns the names of the files that this version has only because they lie beside the folders
   * of the versions.
   *
   * @throws UnservableModelException if they cannot be listed
   */
  public List<String> inherited() {
    Optional<Path> shared = shared();
    if (shared.isEmpty()) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(shared.get())) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !file(name).equals(path.resolve(name)))
          .sorted()
          .toList();
    } catch (IOException | UncheckedIOException e) {
      throw unservable("the files that its versions share cannot be listed", e);
    }
  }

  /** Returns the model's own folder; empty if this is no folder of a version in it. */
  Optional<Path> shared() {
    Path whole = path.toAbsolutePath().normalize();
    Path parent = whole.getParent();
    boolean isVersion = whole.endsWith(Integer.toString(version));
    return isVersion && parent != null && (parent.endsWith(name) || !whole.endsWith(name))
        ? Optional.of(parent)
        : Optional.empty();
  }

  /** Returns whether versions may share a file of this name. */
  static boolean isShared(String fileName) {
    return SHARED.matcher(fileName).matches();
  }

  /**
   * Returns whether a path stays inside this folder.
   *
   * @param fileName from a configuration file; may be invalid
   */
  public boolean holds(String fileName) {
    try {
      return path.resolve(fileName).normalize().startsWith(path.normalize());
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /**
   * Returns a file's text, without the byte order mark that some editors add.
   *
   * @throws UnservableModelException if it is missing or cannot be read as UTF-8
   */
  public String read(String fileName) {
    requireFile(fileName);
    try {
      String text = Files.readString(file(fileName));
      return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    } catch (NoSuchFileException e) {
      throw unservable(fileName + " is missing; add it", e);
    } catch (IOException e) {
      throw unservable(fileName + " cannot be read as UTF-8 text", e);
    }
  }

  private void requireFile(String fileName) {
    FileKind.problem(file(fileName))
        .ifPresent(problem -> {
          throw unservable(fileName + " " + problem);
        });
  }

  /** Creates an error about this folder: part of a sentence, for the operator. */
  public UnservableModelException unservable(String what) {
    return unservable(what, "", null);
  }

  /** Creates an error about this folder, with its cause. */
  public UnservableModelException unservable(String what, Exception cause) {
    return unservable(what, "", cause);
  }

  /** Creates an error about this folder, with another program's message in parentheses. */
  public UnservableModelException unservable(String what, String words, @Nullable Exception cause) {
    return new UnservableModelException(
        "Model folder %s: %s%s.".formatted(shown, what, words.isEmpty() ? "" : " (" + words + ")"),
        what + ".",
        cause);
  }

  /** Returns whether this is a model with its configuration here and its graph in a folder. */
  static boolean isConfiguredBesideGraph(Path folder) {
    return Files.exists(folder.resolve(GRAPHS).resolve(GRAPH))
        && Stream.of(CONFIG, PREPROCESSOR).map(folder::resolve).anyMatch(Files::exists);
  }

  static boolean looksLikeModel(Path folder) {
    return MARKS.stream().map(folder::resolve).anyMatch(Files::exists) || hasOneGraph(folder);
  }

  /** Returns whether {@link #graph} can be found by its name. */
  static boolean holdsGraph(Path folder) {
    return Stream.of(GRAPH, GRAPHS + "/" + GRAPH, SERVING)
            .map(folder::resolve)
            .anyMatch(Files::exists)
        || hasOneGraph(folder);
  }

  private static boolean hasOneGraph(Path folder) {
    return GraphFiles.in(folder).size() == 1;
  }
}
