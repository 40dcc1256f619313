package dev.glimpse.repository;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Finds graphs by the ends of their names. */
public final class GraphFiles {

  private static final String PATTERN = "*.onnx";

  /** The prefix of the files that {@code models prepare} writes. */
  static final String PREPARED = "model.prepared.";

  private static final String HUB = "onnx/";
  private static final String LFS = "version https://git-lfs";

  private GraphFiles() {}

  /** Explains which graph is missing and which files may be meant, as part of a sentence. */
  static String missing(Path folder) {
    List<String> names = in(folder);
    if (names.isEmpty()) {
      return ModelFolder.GRAPH + " is missing; add it";
    }
    String one = names.get(0);
    String expected = (one.startsWith(HUB) ? HUB : "") + ModelFolder.GRAPH;
    return names.size() == 1
        ? "%s is missing, but there is %s; rename it to %s"
            .formatted(ModelFolder.GRAPH, one, expected)
        : "%s is missing, but there are %d graphs, such as %s; rename one of them to %s"
            .formatted(ModelFolder.GRAPH, names.size(), one, expected);
  }

  /** Lists the graphs in a folder and in its folder {@code onnx}, as on Hugging Face's hub. */
  static List<String> in(Path folder) {
    List<String> names = new ArrayList<>(list(folder, ""));
    names.addAll(list(folder.resolve(HUB), HUB));
    return names;
  }

  private static List<String> list(Path folder, String prefix) {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, PATTERN)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        if (!name.startsWith(".") // such as ._model.onnx, which macOS writes
            && !name.startsWith(PREPARED)) {
          names.add(prefix + name);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return List.of(); // the caller reports an error in any case
    }
    names.sort(null);
    return names;
  }

  /** Returns whether a file is a Git LFS pointer, which stands for a file not fetched yet. */
  public static boolean isPointer(Path file) {
    try (InputStream bytes = Files.newInputStream(file)) {
      return new String(bytes.readNBytes(LFS.length()), StandardCharsets.US_ASCII).equals(LFS);
    } catch (IOException e) {
      return false;
    }
  }
}
