package dev.glimpse.folder;

import dev.glimpse.folder.ReadableRows.Written;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Holds the file that rows are written to. Each row is written at once, so that a process that is
 * killed leaves whole rows, and at most one that is torn.
 */
public final class RowFile implements RowOutput {

  /** Longer than a row, so that what is longer and has no end is not one. */
  private static final int LONGEST_TORN = 1 << 20;

  private final FileChannel file;
  private final DoneFiles done = new DoneFiles();
  private long failed;
  private Optional<Written> last = Optional.empty();

  private RowFile(FileChannel file) {
    this.file = file;
  }

  /**
   * Opens a file for the rows of a new run, and writes the header.
   *
   * @throws IllegalArgumentException if it has content, or another run writes it
   */
  public static RowFile create(Path path, RowFormat format) throws IOException {
    if (Files.isRegularFile(path) && Files.size(path) > 0) {
      throw new IllegalArgumentException(
          "%s exists; name another file, or delete it, or add --resume to go on where it ends."
              .formatted(path));
    }
    RowFile rows = open(path);
    try {
      rows.write(format.header());
      return rows;
    } catch (IOException e) {
      rows.close();
      throw e;
    }
  }

  /**
   * Opens a file for the rest of a run that was stopped; cuts off a torn row.
   *
   * @throws IllegalArgumentException if its rows are not those of such a run
   */
  public static RowFile resume(Path path, ReadableRows format) throws IOException {
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw new IllegalArgumentException(
          path
              + " is not a regular file, which --resume needs; leave --resume out, or name a"
              + " file.");
    }
    RowFile rows = open(path);
    try {
      rows.read(path, format);
      return rows;
    } catch (IOException | RuntimeException e) {
      rows.close();
      throw e;
    }
  }

  private static RowFile open(Path path) throws IOException {
    if (Files.exists(path) && !Files.isRegularFile(path)) { // such as /dev/stdout
      return new RowFile(FileChannel.open(path, StandardOpenOption.WRITE));
    }
    FileChannel file =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      if (!FolderLock.locks(file)) {
        throw new IllegalArgumentException(
            path + " is being written by another run; wait for its end, or name another file.");
      }
    } catch (IOException | RuntimeException e) { // such as of a file system without locks
      file.close();
      throw e;
    }
    return new RowFile(file);
  }

  private void read(Path path, ReadableRows format) throws IOException {
    long whole = endOfLastLine();
    if (whole == 0) {
      requireTornBeginning(path, format);
    } else {
      readLines(path, format, whole < file.size());
    }
    file.truncate(whole); // not before: a file of another program must stay as it is
    if (whole == 0) {
      write(format.header());
    }
    file.position(file.size());
  }

  private void requireTornBeginning(Path path, ReadableRows format) throws IOException {
    ByteBuffer start = ByteBuffer.allocate((int) Math.min(file.size(), LONGEST_TORN));
    file.read(start, 0);
    String text = new String(start.array(), 0, start.position(), StandardCharsets.UTF_8);
    if (file.size() > LONGEST_TORN || !format.isTornBeginning(text)) {
      throw unlike(path, 1, "is not the beginning that these options give");
    }
  }

  private void readLines(Path path, ReadableRows format, boolean torn) throws IOException {
    file.position(0);
    BufferedReader lines = // not closed, as that would close the file
        new BufferedReader(
            new InputStreamReader(Channels.newInputStream(file), StandardCharsets.UTF_8));
    String header = format.header();
    int number = 0;
    for (String line = lines.readLine(); line != null; ) {
      String next = lines.readLine();
      number++;
      if (number == 1 && !header.isEmpty()) {
        if (!header.strip().equals(line.strip())) {
          throw unlike(path, 1, "is not the header that these options give");
        }
      } else if (next != null || !torn) {
        add(path, number, line, format);
      }
      line = next;
    }
  }

  private void add(Path path, int number, String line, ReadableRows format) {
    Written row;
    try {
      row = format.read(line);
    } catch (IllegalArgumentException e) {
      throw unlike(path, number, String.valueOf(e.getMessage()));
    }
    if (!row.model().equals(format.model())) {
      throw unlike(path, number, "is of the model " + row.model() + ", not " + format.model());
    }
    done.add(row.file());
    failed += row.failed() ? 1 : 0;
    last = Optional.of(row);
  }

  private static IllegalArgumentException unlike(Path path, int number, String what) {
    return new IllegalArgumentException(
        "%s cannot be resumed, as line %d %s; give the options that it was begun with, or write to another file."
            .formatted(path, number, what));
  }

  /** Returns how many bytes there are up to the last end of a line. */
  private long endOfLastLine() throws IOException {
    ByteBuffer block = ByteBuffer.allocate(1 << 16);
    for (long end = file.size(); end > 0; ) {
      long start = Math.max(0, end - block.capacity());
      block.clear().limit((int) (end - start));
      file.read(block, start);
      for (int i = block.position() - 1; i >= 0; i--) {
        if (block.get(i) == '\n') {
          return start + i + 1;
        }
      }
      end = start;
    }
    return 0;
  }

  @Override
  public void write(String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      file.write(bytes);
    }
  }

  /** Returns whether the file had a row of a file with this written name. */
  public boolean has(String file) {
    return done.contains(file);
  }

  /** Returns how many files had rows when it was opened. */
  public int resumed() {
    return done.size();
  }

  /** Returns how many rows with a problem it had when it was opened. */
  public long failed() {
    return failed;
  }

  /** Returns the last row when it was opened: what it says of sorting may not have been done. */
  public Optional<Written> last() {
    return last;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
