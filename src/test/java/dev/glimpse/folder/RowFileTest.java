package dev.glimpse.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.postprocess.Classification;
import dev.glimpse.postprocess.RankedClasses;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowFileTest {

  private static final CsvRows CSV = new CsvRows(1, true, "flowers/1");
  private static final JsonRows JSON = new JsonRows("flowers", 1);

  @TempDir Path folder;
  private Path path;

  @BeforeEach
  void name() {
    path = folder.resolve("rows");
  }

  private static Row row(String file) {
    return Row.of(file, RankedClasses.of(List.of(new Classification("daisy", 1, 0))))
        .sorted("daisy/" + file);
  }

  @Test
  void tornRowIsCutOffAndTheOthersAreDone() throws IOException {
    for (ReadableRows format : List.of(CSV, JSON)) {
      Files.deleteIfExists(path);
      try (RowFile rows = RowFile.create(path, format)) {
        rows.write(format.text(row("a.jpg")));
        rows.write(format.text(row("b\n.jpg")));
      }
      String whole = Files.readString(path);
      String torn = format.text(row("c.jpg"));
      for (int i = 0; i < torn.length(); i++) {
        Files.writeString(path, whole + torn.substring(0, i));
        try (RowFile rows = RowFile.resume(path, format)) {
          assertThat(Files.readString(path)).isEqualTo(whole);
          assertThat(rows.resumed()).isEqualTo(2);
          assertThat(rows.has("a.jpg")).isTrue();
          assertThat(rows.has("b\n.jpg")).isTrue();
          assertThat(rows.has("c.jpg")).isFalse();
          assertThat(rows.last().orElseThrow().sortedTo()).contains("daisy/b\n.jpg");
          rows.write(format.text(row("d.jpg")));
        }
        assertThat(Files.readString(path)).isEqualTo(whole + format.text(row("d.jpg")));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "fi", "file,label"})
  void fileWithoutAWholeHeaderBeginsAnew(String content) throws IOException {
    Files.writeString(path, content);
    try (RowFile rows = RowFile.resume(path, CSV)) {
      assertThat(rows.resumed()).isZero();
    }
    assertThat(Files.readString(path)).isEqualTo(CSV.header());
  }

  @Test
  void missingFileBeginsAnew() throws IOException {
    RowFile.resume(path, CSV).close();
    assertThat(Files.readString(path)).isEqualTo(CSV.header());
  }

  @Test
  void otherRowsAreNotGoneOnWith() throws IOException {
    Files.writeString(path, new CsvRows(2, true, "flowers/1").header());
    assertThatThrownBy(() -> RowFile.resume(path, CSV))
        .hasMessageContaining("line 1 is not the header");
    Files.writeString(path, CSV.header() + new CsvRows(1, true, "flowers/2").text(row("a")));
    assertThatThrownBy(() -> RowFile.resume(path, CSV))
        .hasMessageContaining("line 2 is of the model flowers/2, not flowers/1");
    Files.writeString(path, "{}\n");
    assertThatThrownBy(() -> RowFile.resume(path, JSON))
        .hasMessageContaining("line 1 has no \"file\"");
    assertThat(Files.readString(path)).isEqualTo("{}\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "precious",
        "precious\nand more",
        "file;label\nb",
        "{\"file\":\"a.jpg\",\"mine\":1}",
        "{\"a\": 1}",
        "[\n",
        "\0\0"
      })
  void foreignFilesStayAsTheyAre(String content) throws IOException {
    Files.writeString(path, content);
    for (ReadableRows format : List.of(CSV, JSON)) {
      assertThatThrownBy(() -> RowFile.resume(path, format))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("cannot be resumed");
      assertThat(Files.readString(path)).isEqualTo(content);
    }
  }

  @Test
  void largeFileWithoutLinesIsNotRead() throws IOException {
    String content = "{\"file\":\"" + "a".repeat(2 << 20);
    Files.writeString(path, content);
    assertThatThrownBy(() -> RowFile.resume(path, JSON)).hasMessageContaining("line 1");
    assertThat(path).hasContent(content);
  }

  @Test
  void tornFirstRowIsWrittenAgain() throws IOException {
    String row = JSON.text(row("a.jpg"));
    for (int i = 0; i < row.length(); i++) {
      Files.writeString(path, row.substring(0, i));
      try (RowFile rows = RowFile.resume(path, JSON)) {
        assertThat(rows.resumed()).isZero();
      }
      assertThat(path).isEmptyFile();
    }
  }

  @Test
  void rowsThatFailedBeforeAreCounted() throws IOException {
    for (ReadableRows format : List.of(CSV, JSON)) {
      Files.deleteIfExists(path);
      try (RowFile rows = RowFile.create(path, format)) {
        rows.write(format.text(row("a.jpg")));
        rows.write(format.text(Row.failed("b.jpg", RowProblem.missing())));
        rows.write(format.text(row("c.jpg").withProblem(RowProblem.notSorted("It is full."))));
      }
      try (RowFile rows = RowFile.resume(path, format)) {
        assertThat(rows.resumed()).isEqualTo(3);
        assertThat(rows.failed()).isEqualTo(2);
      }
    }
  }

  @Test
  void devicesAreNotGoneOnWith() {
    assertThatThrownBy(() -> RowFile.resume(Path.of("/dev/null"), JSON))
        .hasMessageContaining("is not a regular file");
  }

  @Test
  void resultsAreNotOverwritten() throws IOException {
    Files.writeString(path, "precious");
    assertThatThrownBy(() -> RowFile.create(path, CSV)).hasMessageContaining("--resume");
    assertThat(path).hasContent("precious");
  }

  @Test
  void oneRunAtATimeWrites() throws Exception {
    try (RowFile rows = RowFile.create(path, CSV)) {
      Process other =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  Second.class.getName(),
                  path.toString())
              .redirectErrorStream(true)
              .start();
      assertThat(new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .contains("is being written by another run");
      rows.write("");
    }
  }

  @Test
  void oneRunAtATimeWritesInTheSameProcess() throws IOException {
    try (RowFile rows = RowFile.create(path, CSV)) {
      assertThatThrownBy(() -> RowFile.resume(path, CSV))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("is being written by another run");
      rows.write("");
    }
  }

  /** Tries to go on with a file that is being written. */
  static final class Second {

    public static void main(String... arguments) throws IOException {
      try (RowFile rows = RowFile.resume(Path.of(arguments[0]), CSV)) {
        System.out.println("opened " + rows.resumed());
      } catch (IllegalArgumentException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  @Test
  void aMillionNamesTakeLittleMemory() {
    DoneFiles done = new DoneFiles();
    for (int i = 0; i < 1_000_000; i++) {
      done.add("photos/" + i + ".jpg");
    }
    done.add("photos/7.jpg");

    assertThat(done.size()).isEqualTo(1_000_000);
    assertThat(done.contains("photos/999999.jpg")).isTrue();
    assertThat(done.contains("photos/1000000.jpg")).isFalse();
  }

  @Test
  void devicesAreWrittenTo() throws IOException {
    try (RowFile rows = RowFile.create(Path.of("/dev/null"), CSV)) {
      rows.write("a");
    }
    assertThat(Path.of("/dev/null")).isReadable();
  }
}
