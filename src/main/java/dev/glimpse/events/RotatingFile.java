package dev.glimpse.events;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Appends lines to a file, and begins a new one when it is full: {@code name} becomes {@code
 * name.1}, that {@code name.2}, and so on. A file that was removed or renamed by something else is
 * made anew. Only regular files are renamed, and no links or devices. For one thread at a time, and
 * one process.
 */
final class RotatingFile implements AutoCloseable {

  private static final int LONGEST_TAIL = 1 << 20;

  private final Path path;
  private final long maxSize;
  private final int kept;
  private @Nullable FileChannel channel;
  private @Nullable Object key;
  private boolean regular;
  private long size;

  /**
   * Opens nothing yet.
   *
   * @param maxSize in bytes
   * @param kept how many renamed files are kept
   */
  RotatingFile(Path path, long maxSize, int kept) {
    this.path = path;
    this.maxSize = maxSize;
    this.kept = kept;
  }

  /**
   * Opens the file if need be, and begins a new one if the next line does not fit.
   *
   * @param length of the next line
   * @return how many bytes fit; less than {@code length} only if no file could hold the line
   */
  long room(int length) throws IOException {
    try {
      if (channel == null || !isStillThere()) {
        open();
      }
      if (size > 0 && size + length > maxSize && regular) {
        rotate();
      }
      return regular ? maxSize - size : maxSize;
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /**
   * Appends whole lines, all or, if that fails, none.
   *
   * @throws IOException if the disk is full, or the file cannot be written for another reason
   */
  void append(ByteBuffer lines) throws IOException {
    FileChannel open = Objects.requireNonNull(channel, "room() opens the file");
    int length = lines.remaining();
    try {
      while (lines.hasRemaining()) {
        open.write(lines);
      }
      size += length;
    } catch (IOException e) {
      removePartOfLine(open);
      close();
      throw e;
    }
  }

  private void removePartOfLine(FileChannel open) {
    if (regular) {
      try {
        open.truncate(size);
      } catch (IOException e) {
        // The part is removed when the file is opened the next time.
      }
    }
  }

  private boolean isStillThere() {
    try {
      return Objects.equals(key, key());
    } catch (IOException e) {
      return false;
    }
  }

  private @Nullable Object key() throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }

  private void open() throws IOException {
    close();
    FileChannel open = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    channel = open;
    key = key();
    regular = Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
    size = regular ? open.size() : 0;
    if (regular && size > 0) {
      removeTail(open);
    }
  }

  /** Removes what a process that was killed has left of a line of its own; ends any other line. */
  private void removeTail(FileChannel open) throws IOException {
    long start = Math.max(0, size - LONGEST_TAIL);
    String tail = tail(start);
    int line = tail.lastIndexOf('\n') + 1;
    if (line == tail.length()) {
      return;
    }
    if (tail.startsWith(EventFormat.BEGINNING, line)) {
      size = start + line;
      open.truncate(size);
    } else {
      size += open.write(ByteBuffer.wrap(new byte[] {'\n'}));
    }
  }

  /** Reads the end of the file, one character for each byte. */
  private String tail(long start) throws IOException {
    ByteBuffer tail = ByteBuffer.allocate((int) (size - start));
    try (FileChannel in = FileChannel.open(path, StandardOpenOption.READ)) {
      while (tail.hasRemaining() && in.read(tail, start + tail.position()) >= 0) {
        // reads on
      }
    }
    return new String(tail.array(), 0, tail.position(), StandardCharsets.ISO_8859_1);
  }

  private void rotate() throws IOException {
    close();
    if (kept == 0) {
      Files.deleteIfExists(path);
    }
    for (int number = lastToMove(); number > 0; number--) {
      Path from = number == 1 ? path : numbered(number - 1);
      if (Files.exists(from)) {
        Files.move(from, numbered(number), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    open();
  }

  /** Returns the first free number, so that a move that failed before pushes no file out. */
  private int lastToMove() {
    int number = 1;
    while (number < kept && Files.exists(numbered(number))) {
      number++;
    }
    return kept == 0 ? 0 : number;
  }

  private Path numbered(int number) {
    return path.resolveSibling(path.getFileName() + "." + number);
  }

  @Override
  public void close() {
    FileChannel open = channel;
    channel = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // Nothing is left to be written.
      }
    }
  }
}
