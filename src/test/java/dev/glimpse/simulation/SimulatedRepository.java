package dev.glimpse.simulation;

import dev.glimpse.repository.ModelFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;

/**
 * Keeps a model repository of the models {@code a}, with two versions, and {@code b}, in a folder
 * that one run after the other changes. For one thread at a time.
 */
final class SimulatedRepository {

  private static final String[] VERSIONS = {"a/1", "a/2", "b/1"};

  private final Path folder;
  private final Path removable;
  private final Path removed;
  private int changes;

  /**
   * Makes the repository.
   *
   * @param folder empty
   */
  SimulatedRepository(Path folder) {
    this.folder = folder;
    this.removable = folder.resolve("a/2");
    this.removed = folder.resolve("a/.2");
    try {
      for (String version : VERSIONS) {
        Files.createFile(
            Files.createDirectories(folder.resolve(version)).resolve(ModelFolder.GRAPH));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    resetAll();
  }

  Path folder() {
    return folder;
  }

  /** Undoes what a run has changed. */
  void reset() {
    restore();
    if (changes > 0) {
      resetAll();
    }
  }

  private void resetAll() {
    changes = 0;
    for (String version : VERSIONS) {
      setTime(folder.resolve(version));
    }
  }

  /** Makes a version look written once more; does nothing if the version was removed. */
  void touch(Path version) {
    if (Files.isDirectory(version)) {
      changes++;
      setTime(version);
    }
  }

  void touch(String model, int version) {
    touch(folder.resolve(model).resolve(Integer.toString(version)));
  }

  /** Sets a time that is the same in each run of a seed, which takes less than writing does. */
  private void setTime(Path version) {
    try {
      Files.setLastModifiedTime(
          version.resolve(ModelFolder.GRAPH), FileTime.from(changes, TimeUnit.HOURS));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Removes a version of model {@code a}. */
  void remove() {
    move(removable, removed);
  }

  void restore() {
    move(removed, removable);
  }

  private static void move(Path from, Path to) {
    try {
      if (Files.isDirectory(from)) {
        Files.move(from, to);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
