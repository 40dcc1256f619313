package dev.glimpse.folder;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * Holds copies that are not complete, in hidden files of the folder that is sorted into. Their
 * names have a random part, as process numbers are the same in every container.
 */
final class StagingFiles {

  private static final Pattern NAME = Pattern.compile("\\.glimpse-[0-9a-f]+-[0-9]+\\.part");
  private static final int RANDOM_BYTES = 8;

  private final Path root;
  private final AtomicLong count = new AtomicLong();
  private final String prefix;

  StagingFiles(Path root) {
    this.root = root;
    byte[] random = new byte[RANDOM_BYTES];
    new SecureRandom().nextBytes(random);
    this.prefix = ".glimpse-" + HexFormat.of().formatHex(random) + "-";
  }

  /** Deletes what killed runs have left; no other run may be sorting into the folder. */
  void clear() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(root, ".glimpse-*.part")) {
      for (Path file : files) {
        if (NAME.matcher(file.getFileName().toString()).matches()) {
          Files.deleteIfExists(file);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  /** Copies a file with its times and permissions, and returns the copy. */
  Path copy(Path source) throws IOException {
    Path copy = root.resolve(prefix + count.incrementAndGet() + ".part");
    try {
      return Files.copy(source, copy, StandardCopyOption.COPY_ATTRIBUTES);
    } catch (FileAlreadyExistsException e) {
      throw e; // another process has made it, and it is not deleted here
    } catch (IOException e) {
      delete(Optional.of(copy));
      throw e;
    }
  }

  /** Deletes a copy that has no use any more. */
  void delete(Optional<Path> copy) {
    if (copy.isPresent()) {
      try {
        Files.deleteIfExists(copy.get());
      } catch (IOException e) {
        // The next run deletes it.
      }
    }
  }

  /** Returns whether a file can be moved here by a rename. */
  boolean isOnSameDevice(Path file) throws IOException {
    try {
      return Files.getAttribute(file, "unix:dev", LinkOption.NOFOLLOW_LINKS)
          .equals(Files.getAttribute(root, "unix:dev"));
    } catch (UnsupportedOperationException e) { // on Windows
      return Files.getFileStore(file).equals(Files.getFileStore(root));
    }
  }
}
