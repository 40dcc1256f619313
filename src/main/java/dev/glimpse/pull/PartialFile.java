package dev.glimpse.pull;

import java.io.IOException;
import java.net.http.HttpHeaders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** As much of a file as is here, and what the server called that version of it. */
final class PartialFile {

  private final RemoteFile file;
  private final long bound;
  private final Path bytes;

  /** What the server called this version of the file, for {@code If-Range}. */
  private final Path mark;

  /**
   * Beside where the whole file will be.
   *
   * @param bound the most bytes that the file may have
   */
  PartialFile(RemoteFile file, Path target, long bound) {
    this.file = file;
    this.bound = bound;
    this.bytes = bytes(target);
    this.mark = mark(target);
  }

  /** The files that it is kept in. */
  static Set<Path> files(Path target) {
    return Set.of(bytes(target), mark(target));
  }

  private static Path bytes(Path target) {
    return target.resolveSibling(target.getFileName() + ".part");
  }

  private static Path mark(Path target) {
    return target.resolveSibling(target.getFileName() + ".part.mark");
  }

  /** Where the bytes are. */
  Path bytes() {
    return bytes;
  }

  /** How much is there that can be built on. */
  long resumable() throws IOException {
    long have = Files.exists(bytes) ? Files.size(bytes) : 0;
    boolean same = Files.exists(mark) || file.sha256().isPresent();
    return same && have <= file.size().orElse(bound) ? have : 0;
  }

  /** What the server called this version, if it did. */
  Optional<String> mark() throws IOException {
    return Files.exists(mark) ? Optional.of(Files.readString(mark)) : Optional.empty();
  }

  /**
   * What comes now is called so; in a way that tells it from every other version, or not at all.
   */
  void keepMark(HttpHeaders headers) throws IOException {
    Optional<String> strong =
        headers
            .firstValue("ETag")
            .filter(tag -> tag.startsWith("\""))
            .or(() -> headers.firstValue("Last-Modified"));
    Files.deleteIfExists(mark);
    if (strong.isPresent()) {
      Files.writeString(mark, strong.get());
    }
  }

  /** Throws away what is there. */
  void forget() throws IOException {
    Files.deleteIfExists(bytes);
    Files.deleteIfExists(mark);
  }
}
