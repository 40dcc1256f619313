package dev.glimpse.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.glimpse.events.Delivered.Outcome;
import io.cloudevents.jackson.JsonFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSinkTest {

  private static final long LARGE = 1 << 20;

  @TempDir Path folder;

  @Test
  void eachEventIsALine() throws Exception {
    Path path = folder.resolve("predictions.jsonl");
    try (FileSink sink = new FileSink(path, LARGE, 4)) {
      assertThat(sink.send(events(10, 12))).isEqualTo(Delivered.all(2));
      assertThat(sink.send(events(12, 13))).isEqualTo(Delivered.all(1));
    }
    assertThat(ids(path)).containsExactly("10", "11", "12");
  }

  @Test
  void linesAreAddedToAFileThatIsThere() throws Exception {
    Path path = folder.resolve("predictions.jsonl");
    send(path, LARGE, 4, events(10, 11));
    send(path, LARGE, 4, events(11, 12));

    assertThat(ids(path)).containsExactly("10", "11");
  }

  @Test
  void aFullFileIsRenamedAndTheOldestDeleted() throws Exception {
    Path path = folder.resolve("predictions.jsonl");
    send(path, 2L * size(), 2, events(10, 19));

    assertThat(ids(path)).containsExactly("18");
    assertThat(ids(folder.resolve("predictions.jsonl.1"))).containsExactly("16", "17");
    assertThat(ids(folder.resolve("predictions.jsonl.2"))).containsExactly("14", "15");
    assertThat(folder.toFile().list()).hasSize(3);
  }

  /** As after a move that failed. */
  @Test
  void noFileIsPushedOutWhileANumberIsFree() throws Exception {
    Path path = folder.resolve("predictions.jsonl");
    Files.writeString(folder.resolve("predictions.jsonl.2"), "kept");
    send(path, 2L * size(), 2, events(10, 13));

    assertThat(ids(path)).containsExactly("12");
    assertThat(ids(folder.resolve("predictions.jsonl.1"))).containsExactly("10", "11");
    assertThat(folder.resolve("predictions.jsonl.2")).hasContent("kept");
  }

  @Test
  void withoutFilesToKeepAFullOneIsDeleted() throws Exception {
    Path path = folder.resolve("predictions.jsonl");
    send(path, 2L * size(), 0, events(10, 13));

    assertThat(ids(path)).containsExactly("12");
    assertThat(folder.toFile().list()).hasSize(1);
  }

  @Test
  void aLineThatIsLargerThanAFileHasOneToItself() throws Exception {
    Path path = folder.resolve("predictions.jsonl");
    send(path, 10, 4, events(10, 12));

    assertThat(ids(path)).containsExactly("11");
    assertThat(ids(folder.resolve("predictions.jsonl.1"))).containsExactly("10");
  }

  /** What a process was killed in the middle of. */
  @Test
  void aPartOfALineIsRemoved() throws Exception {
    Path path = folder.resolve("predictions.jsonl");
    send(path, LARGE, 4, events(10, 12));
    String whole = Files.readString(path);
    Files.writeString(path, whole.substring(0, whole.length() - 20));
    send(path, LARGE, 4, events(12, 13));
    assertThat(ids(path)).containsExactly("10", "12");

    Files.writeString(path, whole.substring(0, 30));
    send(path, LARGE, 4, events(12, 13));
    assertThat(ids(path)).containsExactly("12");
  }

  /** A wrong setting must not destroy a file. */
  @Test
  void textOfOthersIsKept() throws Exception {
    Path path = Files.writeString(folder.resolve("notes.txt"), "no event");
    send(path, LARGE, 4, events(10, 11));

    assertThat(Files.readAllLines(path)).hasSize(2).first().isEqualTo("no event");
  }

  @Test
  void aFileThatIsRemovedOrRenamedIsMadeAnew() throws Exception {
    Path path = folder.resolve("predictions.jsonl");
    try (FileSink sink = new FileSink(path, LARGE, 4)) {
      sink.send(events(10, 11));
      Files.move(path, folder.resolve("moved"));
      assertThat(sink.send(events(11, 12))).isEqualTo(Delivered.all(1));
    }
    assertThat(ids(path)).containsExactly("11");
  }

  @Test
  void aFolderThatIsRemovedFailsUntilItIsBack() throws Exception {
    Path path = Files.createDirectory(folder.resolve("log")).resolve("predictions.jsonl");
    try (FileSink sink = new FileSink(path, LARGE, 4)) {
      sink.send(events(10, 11));
      Files.delete(path);
      Files.delete(path.getParent());
      Delivered failed = sink.send(events(11, 12));
      assertThat(failed.outcomes()).containsExactly(Outcome.FAILED);
      assertThat(failed.reason()).contains("is in a folder that does not exist");

      Files.createDirectory(path.getParent());
      assertThat(sink.send(events(11, 12))).isEqualTo(Delivered.all(1));
    }
    assertThat(ids(path)).containsExactly("11");
  }

  /** A small disk needs root to make; this device is always full. */
  @Test
  void aFullDiskFails() {
    Path full = Path.of("/dev/full");
    assumeThat(full).as("a device that Linux has").exists();
    try (FileSink sink = new FileSink(full, LARGE, 4)) {
      Delivered failed = sink.send(events(10, 12));

      assertThat(failed.outcomes()).containsExactly(Outcome.FAILED, Outcome.FAILED);
      assertThat(failed.reason()).contains("cannot be written (No space left on device)");
    }
  }

  /** Whatever of the events was written before is not written again. */
  @Test
  void whatWasWrittenBeforeAFailureIsNotSentAgain() throws Exception {
    Path path = folder.resolve("predictions.jsonl");
    Path second = Files.createDirectories(folder.resolve("predictions.jsonl.1/in/the/way"));
    try (FileSink sink = new FileSink(path, 2L * size(), 1)) {
      Delivered delivered = sink.send(events(10, 13));

      assertThat(delivered.outcomes())
          .containsExactly(Outcome.ACCEPTED, Outcome.ACCEPTED, Outcome.FAILED);
    }
    assertThat(second).isDirectory();
    assertThat(ids(path)).containsExactly("10", "11");
  }

  @Test
  void aLinkIsWrittenToAndNotRenamed() throws Exception {
    Path target = Files.createFile(folder.resolve("target"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), target);
    send(link, size(), 2, events(10, 13));

    assertThat(ids(target)).containsExactly("10", "11", "12");
    assertThat(folder.toFile().list()).hasSize(2);
  }

  private static void send(Path path, long maxSize, int files, List<CloudEvent> events) {
    try (FileSink sink = new FileSink(path, maxSize, files)) {
      assertThat(sink.send(events)).isEqualTo(Delivered.all(events.size()));
    }
  }

  /** The size of a line, in bytes. */
  private static int size() {
    return EventFormat.json(TestEvents.event("10")).getBytes(StandardCharsets.UTF_8).length + 1;
  }

  private static List<CloudEvent> events(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> TestEvents.event("" + i)).toList();
  }

  private static List<String> ids(Path path) throws IOException {
    String text = Files.readString(path);
    assertThat(text).endsWith("\n");
    List<String> ids = new ArrayList<>();
    for (String line : text.split("\n")) {
      ids.add(new JsonFormat().deserialize(line.getBytes(StandardCharsets.UTF_8)).getId());
    }
    return ids;
  }
}
