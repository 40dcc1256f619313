package dev.glimpse.pull;

import java.io.IOException;
import java.net.http.HttpHeaders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** Holds the bytes of an incomplete download, and the server's validator of that version. */
final class PartialFile {

  private final RemoteFile file;
  private final long maxBytes;
  private final Path bytes;

  /** The ETag or Last-Modified of this version of the file, for {@code If-Range}. */
  private final Path validator;

  /**
   * Creates the record of a partial file, beside the complete one.
   *
   * @param maxBytes the largest file allowed
   */
  PartialFile(RemoteFile file, Path target, long maxBytes) {
    this.file = file;
    this.maxBytes = maxBytes;
    this.bytes = bytes(target);
    this.validator = validator(target);
  }

  /** Returns the files that it consists of. */
  static Set<Path> files(Path target) {
    return Set.of(bytes(target), validator(target));
  }

  private static Path bytes(Path target) {
    return target.resolveSibling(target.getFileName() + ".part");
  }

  private static Path validator(Path target) {
    return target.resolveSibling(target.getFileName() + ".part.mark");
  }

  /** Returns the file that holds the bytes. */
  Path bytes() {
    return bytes;
  }

  /** Returns how many bytes a download can resume after; 0 if it has to start again. */
  long resumable() throws IOException {
    long have = Files.exists(bytes) ? Files.size(bytes) : 0;
    boolean same = Files.exists(validator) || file.sha256().isPresent();
    return same && have <= file.size().orElse(maxBytes) ? have : 0;
  }

  /** Returns the validator of this version, if the server sent a strong one. */
  Optional<String> validator() throws IOException {
    return Files.exists(validator) ? Optional.of(Files.readString(validator)) : Optional.empty();
  }

  /**
   * Stores the response's validator: a strong ETag or the date of the last modification, or none.
   */
  void storeValidator(HttpHeaders headers) throws IOException {
    Optional<String> strong =
        headers
            .firstValue("ETag")
            .filter(tag -> tag.startsWith("\""))
            .or(() -> headers.firstValue("Last-Modified"));
    Files.deleteIfExists(validator);
    if (strong.isPresent()) {
      Files.writeString(validator, strong.get());
    }
  }

  /** Deletes the bytes and the validator. */
  void discard() throws IOException {
    Files.deleteIfExists(bytes);
    Files.deleteIfExists(validator);
  }
}
