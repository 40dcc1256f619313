package dev.glimpse.repository;

import dev.glimpse.failure.UnservableModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Locates one version of one model on disk: {@code <repository>/<name>/<version>/}, or {@code
 * <repository>/<name>/} for a model without versions, which counts as version 1.
 *
 * @param name the model's name
 * @param version 1 or more
 * @param path the folder that holds its files
 */
public record ModelFolder(String name, int version, Path path) {

  public static final String GRAPH = "model.onnx";
  public static final String CONFIG = "config.json";
  public static final String PREPROCESSOR = "preprocessor_config.json";

  /** Configures all processors of a model, as newer versions of transformers write it. */
  public static final String PROCESSOR = "processor_config.json";

  /** Configures the model in DJL Serving. */
  public static final String SERVING = "serving.properties";

  /** A folder with one of these files is a model. */
  private static final List<String> MARKS =
      List.of(GRAPH, CONFIG, PREPROCESSOR, SERVING, "onnx/" + GRAPH);

  private static final String BYTE_ORDER_MARK = "\uFEFF";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  /**
   * Returns the graph: {@code model.onnx}, here or in {@code onnx/} as on Hugging Face's hub; or
   * else the graph that DJL Serving would load.
   *
   * @throws UnservableModelException if there is no graph
   */
  public Path graph() {
    for (String name : List.of(GRAPH, "onnx/" + GRAPH)) {
      if (Files.isRegularFile(file(name))) {
        requireFile(name);
        return file(name);
      }
    }
    requireFile(GRAPH);
    if (Files.exists(file(SERVING))) {
      return DjlGraph.of(this, PropertiesFile.read(this, SERVING));
    }
    throw unservable(GraphFiles.missing(path));
  }

  /** Returns the path of a file in this folder. */
  public Path file(String fileName) {
    return path.resolve(fileName);
  }

  /**
   * Returns whether a path stays inside this folder.
   *
   * @param fileName from a configuration file; may be invalid
   */
  public boolean holds(String fileName) {
    try {
      return file(fileName).normalize().startsWith(path.normalize());
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
        "Model folder %s: %s%s.".formatted(path, what, words.isEmpty() ? "" : " (" + words + ")"),
        what + ".",
        cause);
  }

  /** Returns whether this is a valid model name. */
  public static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  static boolean looksLikeModel(Path folder) {
    return MARKS.stream().map(folder::resolve).anyMatch(Files::exists);
  }
}
