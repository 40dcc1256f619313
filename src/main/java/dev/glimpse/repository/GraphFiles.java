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

/** Graphs by names that nobody looks for, such as those of quantised ones. */
public final class GraphFiles {

  private static final String PATTERN = "*.onnx";
  private static final String HUB = "onnx/";
  private static final String LFS = "version https://git-lfs";

  private GraphFiles() {}

  /** What to do about a graph that is missing, by what there is, as the part of a sentence. */
  static String missing(Path folder) {
    List<String> names = in(folder);
    if (names.isEmpty()) {
      return ModelFolder.GRAPH + " is missing; add it";
    }
    String one = names.get(0);
    String wanted = (one.startsWith(HUB) ? HUB : "") + ModelFolder.GRAPH;
    return names.size() == 1
        ? "%s is missing, and there is %s; name it %s".formatted(ModelFolder.GRAPH, one, wanted)
        : "%s is missing, and there are %d graphs, such as %s; name one of them %s"
            .formatted(ModelFolder.GRAPH, names.size(), one, wanted);
  }

  /** The graphs in a folder and, as on Hugging Face's hub, in its folder {@code onnx}, sorted. */
  static List<String> in(Path folder) {
    List<String> names = new ArrayList<>(list(folder, ""));
    names.addAll(list(folder.resolve(HUB), HUB));
    return names;
  }

  private static List<String> list(Path folder, String prefix) {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, PATTERN)) {
      files.forEach(file -> names.add(prefix + file.getFileName()));
    } catch (IOException | DirectoryIteratorException e) {
      return List.of(); // whoever asks has something to say in any case
    }
    names.sort(null);
    return names;
  }

  /** Whether a file is what Git leaves in the place of a large one that it has not fetched. */
  public static boolean isPointer(Path file) {
    try (InputStream bytes = Files.newInputStream(file)) {
      return new String(bytes.readNBytes(LFS.length()), StandardCharsets.US_ASCII).equals(LFS);
    } catch (IOException e) {
      return false;
    }
  }
}
