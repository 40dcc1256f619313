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
 * Where a model is put together, and how it gets from there into the repository: renamed whole, so
 * that whoever looks sees all of it or nothing.
 *
 * <p>It is put together in {@code <repository>/.pull/<model>/files}: on the same disk, and so deep
 * that {@link dev.glimpse.repository.RepositoryScan#findAll} takes none of it for a model.
 */
final class StagingFolder {

  private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,9}");

  private final Path model;
  private final Path work;
  private final OptionalInt asked;
  private final boolean force;

  /**
   * Plans a placement.
   *
   * @param key of what is fetched; another source is put together elsewhere
   * @param asked the version; left out, the next free one
   * @param force whether it may replace what is there
   */
  StagingFolder(Path repository, String name, String key, OptionalInt asked, boolean force) {
    this.model = repository.resolve(name);
    this.work = repository.resolve(".pull").resolve(name + "-" + key);
    this.asked = asked;
    this.force = force;
  }

  /** Where the files are brought to. */
  Path files() {
    return work.resolve("files");
  }

  /** Taken by whoever works there. */
  Path lock() {
    return work.resolve("lock");
  }

  /**
   * The version that it will be.
   *
   * @throws FetchException if there is no place for it
   */
  int version() throws IOException {
    if (isUnversioned()) {
      throw new FetchException(
          "%s holds a model without versions: move its files to %s, or give another --name."
              .formatted(model, model.resolve("1")));
    }
    int version = asked.isPresent() ? asked.getAsInt() : next();
    if (Files.exists(model.resolve(Integer.toString(version))) && !force) {
      throw new FetchException(
          "%s is there already: leave out --version for the next free one, or --force replaces it."
              .formatted(model.resolve(Integer.toString(version))));
    }
    return version;
  }

  /** Deletes all other files that have come. */
  void keepOnly(Set<Path> kept) throws IOException {
    try (Stream<Path> all = Files.walk(files())) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        if (!kept.contains(file)) {
          Files.delete(file);
        }
      }
    }
  }

  /** Whether nothing has come that could be gone on with. */
  boolean isEmpty() throws IOException {
    try (Stream<Path> all = Files.walk(files())) {
      return all.noneMatch(Files::isRegularFile);
    }
  }

  /** Puts it into its place. */
  Path place(int version) throws IOException {
    Path target = model.resolve(Integer.toString(version));
    Path replaced = work.resolve("replaced");
    Files.createDirectories(model);
    boolean replaces = force && Files.exists(target);
    if (replaces) {
      delete(replaced); // left by one that was ended when it had done its work
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

  /** Removes what it was put together in. */
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
      return false; // nothing is there yet
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
          "%s has version %d, and there is none to follow it: give one that is free, up to %d, with --version."
              .formatted(model, highest, VersionNumber.HIGHEST));
    }
    return (int) highest + 1;
  }
}
