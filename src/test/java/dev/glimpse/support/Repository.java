package dev.glimpse.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Holds a model repository that a test changes. */
public record Repository(Path path) {

  /** Copies a version of one of the test models, file by file, into this repository. */
  public Path put(String from, String name, int version) {
    return copy(Fixtures.MODELS.resolve(from), name + "/" + version);
  }

  /** Copies one of the broken test models, {@code bad/1} of its own repository. */
  public Path putBroken(String defect, String name, int version) {
    return copy(Fixtures.BROKEN_MODELS.resolve(defect + "/bad/1"), name + "/" + version);
  }

  private Path copy(Path from, String to) {
    Path target = path.resolve(to);
    try (Stream<Path> files = Files.list(from)) {
      Files.createDirectories(target);
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(
            file,
            target.resolve(file.getFileName().toString()),
            StandardCopyOption.REPLACE_EXISTING);
      }
      return target;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Removes the permission to list a folder, which is created if necessary. Skips the test where
   * that has no effect, as for root.
   */
  public void makeUnreadable(String what) {
    Path unreadable = path.resolve(what);
    try {
      Files.createDirectories(unreadable);
      Files.setPosixFilePermissions(unreadable, PosixFilePermissions.fromString("-wx------"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Assumptions.assumeFalse(
        Files.isReadable(unreadable), "the user of the tests may read everything");
  }

  /** Deletes a version, or a whole model. */
  public void delete(String what) {
    try (Stream<Path> files = Files.walk(path.resolve(what))) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
