package dev.glimpse.results;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A folder of files that are whole or not there, for one process at a time. Only the user of the
 * process can read them.
 */
final class SpoolFolder implements AutoCloseable {

  private static final String LOCK = ".lock";
  private static final String UNFINISHED = ".new";

  private final Path folder;
  private final FileChannel lock;
  private final FileAttribute<?>[] ownerOnly;

  private SpoolFolder(Path folder, FileChannel lock, FileAttribute<?>[] ownerOnly) {
    this.folder = folder;
    this.lock = lock;
    this.ownerOnly = ownerOnly;
  }

  /**
   * Opens a folder that exists, and deletes what a process has not finished writing.
   *
   * @throws ConfigurationException if it cannot be written to, or another process has it open
   */
  static SpoolFolder open(Path folder) {
    FileAttribute<?>[] ownerOnly =
        FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    try {
      FileChannel lock =
          FileChannel.open(
              folder.resolve(LOCK),
              Set.<OpenOption>of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
              ownerOnly);
      try {
        return open(folder, lock, ownerOnly);
      } catch (IOException | RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw new ConfigurationException(
          "The folder of glimpse.results.folder cannot be written to (%s); create it, or correct the setting."
              .formatted(e.getClass().getSimpleName()));
    }
  }

  private static SpoolFolder open(Path folder, FileChannel lock, FileAttribute<?>[] ownerOnly)
      throws IOException {
    if (!locked(lock)) {
      throw new ConfigurationException(
          "The folder of glimpse.results.folder is in use by another process; give each instance"
              + " a folder of its own.");
    }
    SpoolFolder opened = new SpoolFolder(folder, lock, ownerOnly);
    opened.deleteUnfinished();
    return opened;
  }

  private static boolean locked(FileChannel lock) throws IOException {
    try {
      return lock.tryLock() != null;
    } catch (OverlappingFileLockException e) { // in this process
      return false;
    }
  }

  private void deleteUnfinished() throws IOException {
    for (String name : names()) {
      if (name.endsWith(UNFINISHED)) {
        delete(name);
      }
    }
  }

  /** Returns the names of all files. */
  List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  boolean has(String name) {
    return Files.exists(folder.resolve(name));
  }

  int length(String name) throws IOException {
    return Math.toIntExact(Files.size(folder.resolve(name)));
  }

  byte[] read(String name) throws IOException {
    return Files.readAllBytes(folder.resolve(name));
  }

  /** Reads a file's first line. */
  JobFileReader.Head head(String name) throws IOException {
    Path file = folder.resolve(name);
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      return JobFileReader.head(in, Files.size(file));
    }
  }

  /** Counts the answers in a file. */
  JobFileReader.Written answers(String name) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(folder.resolve(name)))) {
      return JobFileReader.answers(in);
    }
  }

  /** Writes a file that is whole, and on the disk, when this returns, and not there before. */
  void write(String name, byte[] content) throws IOException {
    Path unfinished = folder.resolve(name + UNFINISHED);
    try (FileChannel file =
        FileChannel.open(
            unfinished,
            Set.<OpenOption>of(
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE),
            ownerOnly)) {
      writeAll(file, content);
      file.force(true);
    } catch (IOException e) { // such as of a full disk
      Files.deleteIfExists(unfinished);
      throw e;
    }
    Files.move(unfinished, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
      directory.force(true); // for the name
    } catch (IOException e) { // it counts as not written, so it must not be found later
      delete(name);
      throw e;
    }
  }

  /** Appends to a file, which is created if need be; it may be lost if the machine fails. */
  void append(String name, byte[] content) throws IOException {
    try (FileChannel file =
        FileChannel.open(
            folder.resolve(name),
            Set.<OpenOption>of(
                StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND),
            ownerOnly)) {
      writeAll(file, content);
    }
  }

  private static void writeAll(FileChannel file, byte[] content) throws IOException {
    ByteBuffer left = ByteBuffer.wrap(content);
    while (left.hasRemaining()) {
      file.write(left);
    }
  }

  void truncate(String name, long length) throws IOException {
    try (FileChannel file = FileChannel.open(folder.resolve(name), StandardOpenOption.WRITE)) {
      file.truncate(length);
    }
  }

  void delete(String name) throws IOException {
    Files.deleteIfExists(folder.resolve(name));
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
