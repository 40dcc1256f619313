package dev.glimpse.folder;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps other runs from sorting into a folder, by a lock on a hidden file in it, which stays there:
 * if it were deleted, two runs could hold locks on two files of that name. The system gives the
 * lock back when the process ends, however it ends.
 */
final class FolderLock implements Closeable {

  /** The file's name. */
  static final String NAME = ".glimpse-lock";

  private final FileChannel file;

  private FolderLock(FileChannel file) {
    this.file = file;
  }

  /**
   * Locks a folder.
   *
   * @throws IllegalArgumentException if another run has it
   */
  static FolderLock of(Path folder) throws IOException {
    FileChannel file =
        FileChannel.open(
            folder.resolve(NAME),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            LinkOption.NOFOLLOW_LINKS);
    boolean locked = false;
    try {
      locked = locks(file);
    } finally {
      if (!locked) {
        file.close();
      }
    }
    if (!locked) {
      throw new IllegalArgumentException(
          "Another run is sorting into %s; wait for its end, or sort into another folder."
              .formatted(folder));
    }
    return new FolderLock(file);
  }

  /** Locks a file until it is closed; returns whether no other run has it. */
  static boolean locks(FileChannel file) throws IOException {
    try {
      FileLock lock = file.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) { // in this process
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
