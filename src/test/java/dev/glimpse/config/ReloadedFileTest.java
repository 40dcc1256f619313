package dev.glimpse.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glimpse.config.ReloadedFile.InvalidTextException;
import dev.glimpse.support.FakeTime;
import dev.glimpse.support.LogLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadedFileTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final FakeTime time = new FakeTime();

  @TempDir Path folder;
  private Path path;

  @BeforeEach
  void write() throws IOException {
    path = Files.writeString(folder.resolve("keys"), "one");
  }

  @Test
  void aChangeIsSeenWithinASecond() throws IOException {
    ReloadedFile<String> file = open();
    replace("another");

    assertThat(file.get()).isEqualTo("one");
    time.pass(SECOND);
    assertThat(file.get()).isEqualTo("another");
  }

  @Test
  void aFileThatBecomesWrongChangesNothingAndIsLoggedOnce() throws IOException {
    ReloadedFile<String> file = open();
    replace("wrong");
    try (LogLines log = LogLines.of(ReloadedFile.class.getName())) {
      for (int i = 0; i < 3; i++) {
        time.pass(SECOND);
        assertThat(file.get()).isEqualTo("one");
      }
      assertThat(log.lines())
          .containsExactly(
              "WARN The file of glimpse.test has changed, but it is wrong; what was read before"
                  + " stays in use.");
    }
    replace("right again");
    time.pass(SECOND);
    assertThat(file.get()).isEqualTo("right again");
  }

  @Test
  void aFileThatDisappearsChangesNothing() throws IOException {
    ReloadedFile<String> file = open();
    Files.delete(path);
    try (LogLines log = LogLines.of(ReloadedFile.class.getName())) {
      for (int i = 0; i < 3; i++) {
        time.pass(SECOND);
        assertThat(file.get()).isEqualTo("one");
      }
      assertThat(log.lines()).hasSize(1);
    }
    Files.writeString(path, "back");
    time.pass(SECOND);
    assertThat(file.get()).isEqualTo("back");
  }

  @Test
  void aFileThatIsWrongAtTheStartStopsIt() throws IOException {
    Files.writeString(path, "wrong");
    assertThatThrownBy(this::open)
        .hasMessage("glimpse.test names the file %s: it is wrong.".formatted(path));
    Files.delete(path);
    assertThatThrownBy(this::open)
        .hasMessage(
            "glimpse.test names the file %s, which cannot be read as text; add it, or correct the setting."
                .formatted(path));
    Files.write(path, new byte[] {(byte) 0xff, 0, 1});
    assertThatThrownBy(this::open).hasMessageContaining("which cannot be read as text");
  }

  private ReloadedFile<String> open() {
    return new ReloadedFile<>(path, "glimpse.test", ReloadedFileTest::parse, time);
  }

  private static String parse(String text) {
    if (text.equals("wrong")) {
      throw new InvalidTextException("it is wrong");
    }
    return text;
  }

  /** As editors and Kubernetes do: a new file in the place of the old one. */
  private void replace(String text) throws IOException {
    Path next = Files.writeString(folder.resolve("next"), text);
    Files.move(next, path, StandardCopyOption.REPLACE_EXISTING);
  }
}
