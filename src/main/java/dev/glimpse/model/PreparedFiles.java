package dev.glimpse.model;

import dev.glimpse.repository.ModelFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Replaces the files of a model's {@link OptimizedGraph}. New ones are made in a hidden folder and
 * moved into place, because a service may have mapped the old ones.
 */
final class PreparedFiles {

  private static final String MAKING = ".model.prepared.part";

  private final ModelFolder folder;
  private final Path making;

  PreparedFiles(ModelFolder folder) {
    this.folder = folder;
    this.making = folder.path().resolve(MAKING);
  }

  /** Invalidates an older graph, and makes an empty hidden folder. */
  void clear() throws IOException {
    Files.deleteIfExists(folder.file(PreparationRecord.FILE));
    deleteMade();
    Files.createDirectory(making);
  }

  /** Returns the path for a file to be made. */
  Path made(String name) {
    return making.resolve(name);
  }

  /**
   * Moves the graph's files into place, and deletes an older graph's.
   *
   * @param facts the text of the file that records its sources
   * @return the graph in its place
   */
  Path install(OptimizedGraph graph, String facts) throws IOException {
    for (String name :
        List.of(OptimizedGraph.DATA, OptimizedGraph.LARGE_GRAPH, OptimizedGraph.GRAPH)) {
      if (Files.exists(made(name))) {
        Files.move(made(name), folder.file(name), StandardCopyOption.REPLACE_EXISTING);
      } else {
        Files.deleteIfExists(folder.file(name));
      }
    }
    Files.writeString(folder.file(PreparationRecord.FILE), facts);
    return folder.file(graph.name());
  }

  /** Deletes the hidden folder. */
  void deleteMade() {
    if (!Files.exists(making)) {
      return;
    }
    try (Stream<Path> files = Files.walk(making)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      // Its files are never loaded from there.
    }
  }
}
