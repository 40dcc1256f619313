package dev.glimpse.repository;

import dev.glimpse.failure.UnservableModelException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Records the files in a model's folder with their lengths and modification times. Two snapshots
 * differ if a file was written, added or removed in between.
 *
 * @param files by their path in the folder
 */
public record FolderSnapshot(Map<String, Entry> files) {

  /** Stands for a folder that is not watched for changes. */
  public static final FolderSnapshot UNWATCHED = new FolderSnapshot(Map.of());

  private static final int DEPTH = 4;

  /** A file's length in bytes, and when it was written. */
  record Entry(long length, FileTime written) {}

  /**
   * Takes a snapshot of a folder; follows links.
   *
   * @throws UnservableModelException if it cannot be read, e.g. because it is being changed
   */
  public static FolderSnapshot of(ModelFolder folder) {
    Map<String, Entry> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(folder.path(), DEPTH, FileVisitOption.FOLLOW_LINKS)) {
      for (Path path : (Iterable<Path>) paths::iterator) {
        if (Files.isRegularFile(path)) {
          BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class);
          files.put(
              folder.path().relativize(path).toString(),
              new Entry(file.size(), file.lastModifiedTime()));
        }
      }
      Optional<Path> shared = folder.shared();
      if (shared.isPresent()) {
        addShared(shared.get(), files);
      }
    } catch (IOException | UncheckedIOException e) {
      throw folder.unservable("it cannot be read, or is being changed", e);
    }
    return new FolderSnapshot(files);
  }

  /** Takes a snapshot of a folder; empty if it cannot be read, e.g. because it is being changed. */
  public static Optional<FolderSnapshot> find(ModelFolder folder) {
    try {
      return Optional.of(of(folder));
    } catch (UnservableModelException e) {
      return Optional.empty();
    }
  }

  /** Adds the files that a model's versions share. */
  private static void addShared(Path folder, Map<String, Entry> files) throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      for (Path path : (Iterable<Path>) paths::iterator) {
        String name = path.getFileName().toString();
        if (ModelFolder.isShared(name) && Files.isRegularFile(path)) {
          BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class);
          files.put("../" + name, new Entry(file.size(), file.lastModifiedTime()));
        }
      }
    }
  }
}
