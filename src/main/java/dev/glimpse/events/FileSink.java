package dev.glimpse.events;

import dev.glimpse.events.Delivered.Outcome;
import dev.glimpse.failure.Printable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Appends events to a file, a line of JSON each. */
final class FileSink implements Sink {

  private static final int LINES = 500;

  private final Path path;
  private final RotatingFile file;

  /**
   * Creates a sink; opens nothing.
   *
   * @param maxSize the size in bytes at which the file is renamed
   * @param files how many renamed files are kept
   */
  FileSink(Path path, long maxSize, int files) {
    this.path = path;
    this.file = new RotatingFile(path, maxSize, files);
  }

  @Override
  public int most() {
    return LINES;
  }

  @Override
  public String name() {
    return "the file " + Printable.of(path.toString());
  }

  /** Writes whole lines, with one call to the system for as many as fit into the file. */
  @Override
  public Delivered send(List<CloudEvent> events) {
    List<byte[]> lines =
        events.stream()
            .map(event -> (EventFormat.json(event) + "\n").getBytes(StandardCharsets.UTF_8))
            .toList();
    int written = 0;
    try {
      while (written < lines.size()) {
        long room = file.room(lines.get(written).length);
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        int next = written;
        do {
          block.writeBytes(lines.get(next++));
        } while (next < lines.size() && block.size() + lines.get(next).length <= room);
        file.append(ByteBuffer.wrap(block.toByteArray()));
        written = next;
      }
      return Delivered.all(lines.size());
    } catch (IOException e) {
      return failed(lines.size(), written, e);
    }
  }

  private static Delivered failed(int lines, int written, IOException cause) {
    List<Outcome> outcomes = new ArrayList<>(Collections.nCopies(written, Outcome.ACCEPTED));
    outcomes.addAll(Collections.nCopies(lines - written, Outcome.FAILED));
    return new Delivered(outcomes, Optional.of(reason(cause)), Duration.ZERO);
  }

  private static String reason(IOException cause) {
    return cause instanceof NoSuchFileException
        ? "is in a folder that does not exist"
        : "cannot be written (%s)".formatted(Printable.of(String.valueOf(cause.getMessage())));
  }

  @Override
  public void close() {
    file.close();
  }
}
