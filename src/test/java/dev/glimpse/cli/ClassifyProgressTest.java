package dev.glimpse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.folder.Row;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ClassifyProgressTest {

  private static final Row ROW =
      new Row("a.jpg", List.of(), Optional.empty(), List.of(), Optional.empty(), Optional.empty());

  private final StringWriter printed = new StringWriter();
  private final AtomicLong clock = new AtomicLong();

  private ClassifyProgress progress(boolean bar, int resumed) {
    return new ClassifyProgress(new PrintWriter(printed), bar, resumed, 0, clock::get);
  }

  private void rows(ClassifyProgress progress, int count) {
    for (int i = 0; i < count; i++) {
      clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(10));
      progress.written(ROW);
    }
  }

  @Test
  void barShowsRateAndTimeLeft() {
    ClassifyProgress progress = progress(true, 100);
    rows(progress, 9);
    assertThat(printed.toString()).isEmpty();
    rows(progress, 1);
    assertThat(printed.toString()).isEqualTo("\r110 images, 100/s\033[K");
    progress.total(36_600);
    rows(progress, 190);
    assertThat(printed.toString())
        .endsWith("\r[                              ] 300 of 36600, 100/s, 6:03 left\033[K");
    assertThat(progress.end(0, 0)).isTrue();
    assertThat(printed.toString())
        .endsWith("\r\033[K200 images in 2.0 s (100/s), 0 failed, 100 were classified before.\n");
  }

  @Test
  void withoutATerminalOnlyTheSummaryIsPrinted() {
    ClassifyProgress progress = progress(false, 0);
    rows(progress, 200);
    progress.notSorted("a\033[2J.jpg was not put there");

    assertThat(progress.end(3, 0)).isFalse();
    assertThat(printed.toString())
        .isEqualTo(
            """
            a\\u001b[2J.jpg was not put there
            200 images in 2.0 s (100/s), 1 failed, 3 files are not named like images.
            """);
  }

  @Test
  void oneImageNeedsNoSummary() {
    ClassifyProgress progress = progress(false, 0);
    rows(progress, 1);

    assertThat(progress.end(0, 0)).isTrue();
    assertThat(printed.toString()).isEmpty();
  }

  @Test
  void whatFailedBeforeIsCounted() {
    ClassifyProgress progress =
        new ClassifyProgress(new PrintWriter(printed), false, 100, 3, clock::get);
    rows(progress, 2);

    assertThat(progress.end(0, 0)).isFalse();
    assertThat(printed.toString())
        .endsWith("0 failed, 100 have rows already, of which 3 failed.\n");
  }
}
