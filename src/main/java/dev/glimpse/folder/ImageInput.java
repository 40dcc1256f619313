package dev.glimpse.folder;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Names a file that is to be classified.
 *
 * @param name its path as it is written into rows; see {@link FileNames}
 * @param path its path
 * @param problem why it is known already that it cannot be read
 */
public record ImageInput(String name, Path path, Optional<RowProblem> problem) {

  static ImageInput of(String name, Path path) {
    return new ImageInput(name, path, Optional.empty());
  }

  static ImageInput failed(String name, RowProblem problem) {
    return new ImageInput(name, Path.of(""), Optional.of(problem));
  }

  /** Names a file by its text; one that cannot be a path has a problem. */
  static ImageInput of(String name) {
    try {
      return of(name, FileNames.path(name));
    } catch (InvalidPathException e) {
      return failed(name, RowProblem.missing());
    }
  }
}
