package dev.glimpse.pull;

import dev.glimpse.config.VersionNumber;
import dev.glimpse.failure.UnservableModelException;
import dev.glimpse.repository.VersionFolders;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Collects the files of a model and moves them into the repository in one rename, so that readers
 * see the whole model or nothing.
 *
 * <p>The files are collected in {@code <repository>/.pull/<model>-<key>/files}: on the same file
 * system, and so deep that {@link dev.glimpse.repository.RepositoryScan#findAll} does not take them
 * for a model.
 */
final class StagingFolder {

  private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,9}");

  private final Path model;
  private final Path work;
  private final OptionalInt requestedVersion;
  private final boolean force;

  /**
   * Names the folders; creates none.
   *
   * @param key identifies the source; files of different sources are collected in different folders
   * @param requestedVersion the version to create; empty: the next free one
   * @param force whether to replace a version that exists
   */
  StagingFolder(
      Path repository, String name, String key, OptionalInt requestedVersion, boolean force) {
    this.model = repository.resolve(name);
    this.work = repository.resolve(".pull").resolve(name + "-" + key);
    this.requestedVersion = requestedVersion;
    this.force = force;
  }

  /** Returns the folder that the files are downloaded to. */
  Path files() {
    return work.resolve("files");
  }

  /** Returns the file that a process locks while it uses the folder. */
  Path lock() {
    return work.resolve("lock");
  }

  /**
   * Returns the version that will be created.
   *
   * @throws FetchException if that version exists already, no number is free, or the model has no
   *     version folders
   */
  int version() throws IOException {
    if (isUnversioned()) {
      throw new FetchException(
          "%s holds a model without versions: move its files to %s, or give another --name."
              .formatted(model, model.resolve("1")));
    }
    int version = requestedVersion.isPresent() ? requestedVersion.getAsInt() : next();
    if (Files.exists(model.resolve(Integer.toString(version))) && !force) {
      throw new FetchException(
          "%s exists already: leave out --version for the next free one, or replace it with --force."
              .formatted(model.resolve(Integer.toString(version))));
    }
    return version;
  }

  /** Deletes all downloaded files but these. */
  void keepOnly(Set<Path> kept) throws IOException {
    try (Stream<Path> all = Files.walk(files())) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        if (!kept.contains(file)) {
          Files.delete(file);
        }
      }
    }
  }

  /** Returns whether there is no file that a later run could resume. */
  boolean isEmpty() throws IOException {
    try (Stream<Path> all = Files.walk(files())) {
      return all.noneMatch(Files::isRegularFile);
    }
  }

  /**
   * Moves the files into the repository as a version of the model.
   *
   * @return the version's folder
   */
  Path publish(int version) throws IOException {
    Path target = model.resolve(Integer.toString(version));
    Path replaced = work.resolve("replaced");
    Files.createDirectories(model);
    boolean replaces = force && Files.exists(target);
    if (replaces) {
      delete(replaced); // left by a process that ended before it cleaned up
      Files.move(target, replaced, StandardCopyOption.ATOMIC_MOVE);
    }
    try {
      Files.move(files(), target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      if (replaces) {
        Files.move(replaced, target, StandardCopyOption.ATOMIC_MOVE);
      }
      throw e;
    }
    return target;
  }

  /** Deletes the staging folder. */
  void clear() throws IOException {
    delete(work);
    Path shared = work.resolveSibling(".");
    try (DirectoryStream<Path> others = Files.newDirectoryStream(shared)) {
      if (!others.iterator().hasNext()) {
        Files.delete(shared.normalize());
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.delete(path);
      }
    }
  }

  private boolean isUnversioned() {
    try {
      return Files.isDirectory(model) && VersionFolders.highest(model).path().equals(model);
    } catch (UnservableModelException e) {
      return false; // the folder is empty
    }
  }

  private int next() throws IOException {
    long highest = 0;
    if (Files.isDirectory(model)) {
      try (DirectoryStream<Path> versions = Files.newDirectoryStream(model)) {
        for (Path version : versions) {
          String number = version.getFileName().toString();
          if (VERSION.matcher(number).matches()) {
            highest = Math.max(highest, Long.parseLong(number));
          }
        }
      }
    }
    if (highest >= VersionNumber.HIGHEST) {
      throw new FetchException(
          "%s has version %d, and no higher one is possible: choose a free one, up to %d, with --version."
              .formatted(model, highest, VersionNumber.HIGHEST));
    }
    return (int) highest + 1;
  }
}
