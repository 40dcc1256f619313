package dev.glimpse.repository;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * Tells what is in a file's place: opening a named pipe would wait for a writer that may never
 * come, and a device may have no end.
 */
public final class FileKind {

  private static final String UNREADABLE =
      "cannot be read by this user; change its permissions, or those of its folder";

  private FileKind() {}

  /**
   * Says what is wrong with a path at which a file should be, as part of a sentence.
   *
   * @return empty if it is a regular file that can be read, or a link to one, or if nothing is
   *     there
   */
  public static Optional<String> problem(Path path) {
    BasicFileAttributes found;
    try {
      found = Files.readAttributes(path, BasicFileAttributes.class);
    } catch (AccessDeniedException e) {
      return Optional.of(UNREADABLE);
    } catch (IOException e) {
      return Files.isSymbolicLink(path)
          ? Optional.of("is a link to a file that does not exist; add that file")
          : Optional.empty(); // missing: reading it says so
    }
    if (found.isRegularFile()) {
      return Files.isReadable(path) ? Optional.empty() : Optional.of(UNREADABLE);
    }
    String kind = found.isDirectory() ? "a folder" : "a named pipe, a socket or a device";
    return Optional.of("is %s and not a file; put the file in its place".formatted(kind));
  }
}
