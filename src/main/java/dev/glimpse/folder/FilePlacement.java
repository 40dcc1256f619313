package dev.glimpse.folder;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Gives files their places without ever replacing what is there, and without losing a file. */
final class FilePlacement {

  private FilePlacement() {}

  /**
   * Gives a file a name, which it has besides its old one then if the file system has hard links,
   * or else in place of it. The names are on one file system. A hard link cannot replace a file,
   * which a rename could, if another process has made it meanwhile.
   *
   * @throws FileAlreadyExistsException if the name is taken
   */
  static void put(Path file, Path target) throws IOException {
    try {
      Files.createLink(target, file);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (UnsupportedOperationException | IOException e) {
      Files.move(file, target); // which looks for the target first
    }
  }

  /**
   * Returns whether a file can be deleted, as another has its content: a regular file that is not
   * the same entry of a folder, by another path.
   */
  static boolean isSecondCopy(Path file, Path other) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        || !Files.isRegularFile(other, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    return Files.isSameFile(file, other)
        ? isHardLink(file, other)
        : Files.mismatch(file, other) < 0;
  }

  private static boolean isHardLink(Path file, Path other) throws IOException {
    try {
      return (int) Files.getAttribute(file, "unix:nlink") > 1
          && !file.toRealPath().equals(other.toRealPath());
    } catch (UnsupportedOperationException e) { // on Windows
      return false;
    }
  }
}
