package dev.glimpse.cli;

import dev.glimpse.failure.Printable;
import dev.glimpse.folder.FolderRun;
import dev.glimpse.folder.ImageInputs;
import dev.glimpse.folder.Row;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Counts rows, shows a progress bar on a terminal, and prints a summary at the end. Is used by one
 * thread; another counts the files meanwhile.
 */
final class ClassifyProgress implements FolderRun.Listener {

  private static final long REDRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final int WIDTH = 30;
  private static final String CLEAR = "\r\033[K";

  private final PrintWriter err;
  private final boolean bar;
  private final LongSupplier clock;
  private final long started;
  private final int resumed;
  private final long resumedFailed;

  private long drawn;
  private long rows;
  private long failed;

  /** The number of files, also those that were classified before; −1 until they are counted. */
  private volatile long total = -1;

  ClassifyProgress(
      PrintWriter err, boolean bar, int resumed, long resumedFailed, LongSupplier clock) {
    this.err = err;
    this.bar = bar;
    this.resumed = resumed;
    this.resumedFailed = resumedFailed;
    this.clock = clock;
    this.started = clock.getAsLong();
    this.drawn = started;
  }

  /**
   * Starts the clock, and where there is a bar, to count the files in the background.
   *
   * @param files lists the files; not used where a list on standard input names them
   * @param resumed how many files have rows of runs before
   * @param resumedFailed how many of those rows have a problem
   */
  static ClassifyProgress start(
      PrintWriter err, boolean bar, Supplier<ImageInputs> files, int resumed, long resumedFailed) {
    ClassifyProgress progress =
        new ClassifyProgress(err, bar, resumed, resumedFailed, System::nanoTime);
    if (bar && !files.get().hasList()) {
      Thread counting = new Thread(() -> progress.count(files.get()), "counting");
      counting.setDaemon(true);
      counting.start();
    }
    return progress;
  }

  private void count(ImageInputs files) {
    try {
      long count = 0;
      while (files.next() != null) {
        count++;
      }
      total(count);
    } catch (IOException e) {
      // There is no total then.
    }
  }

  void total(long files) {
    total = files;
  }

  @Override
  public void written(Row row) {
    if (row.problem().isPresent()) {
      failed++;
    }
    done();
  }

  /** Counts an image. */
  void done() {
    rows++;
    long now = clock.getAsLong();
    if (bar && now - drawn >= REDRAW_NANOS) {
      drawn = now;
      err.print("\r" + line(now) + "\033[K");
      err.flush();
    }
  }

  @Override
  public void notSorted(String why) {
    failed++;
    err.println((bar ? CLEAR : "") + Printable.of(why));
    err.flush();
  }

  /** Removes the bar. */
  void clear() {
    if (bar) {
      err.print(CLEAR);
      err.flush();
    }
  }

  private String line(long now) {
    double rate = rate(now);
    long done = rows + resumed;
    long whole = Math.max(total, done);
    if (total < 0) {
      return String.format(Locale.ROOT, "%d images, %.0f/s", done, rate);
    }
    int filled = (int) (WIDTH * done / Math.max(1, whole));
    return String.format(
        Locale.ROOT,
        "[%s%s] %d of %d, %.0f/s, %s left",
        "#".repeat(filled),
        " ".repeat(WIDTH - filled),
        done,
        whole,
        rate,
        time((long) ((whole - done) / Math.max(rate, 1e-3))));
  }

  private double rate(long now) {
    return rows / Math.max(1e-9, (now - started) / 1e9);
  }

  private static String time(long seconds) {
    return seconds < 3600
        ? "%d:%02d".formatted(seconds / 60, seconds % 60)
        : "%d:%02d:%02d".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60);
  }

  /**
   * Prints the summary, unless all there was is one image.
   *
   * @param skipped how many files were passed over because of their names
   * @param folders how many folders in folders were passed over
   * @return whether there were images, and all were classified, and sorted, also in the runs before
   */
  boolean end(long skipped, long folders) {
    long now = clock.getAsLong();
    clear();
    if (rows != 1 || failed > 0 || skipped > 0 || resumed > 0) {
      err.println(
          String.format(
              Locale.ROOT,
              "%d images in %.1f s (%.0f/s), %d failed%s%s.",
              rows,
              (now - started) / 1e9,
              rate(now),
              failed,
              before(),
              skipped > 0 ? ", %d files are not named like images".formatted(skipped) : ""));
    }
    boolean none = rows + resumed == 0;
    if (none) {
      err.println(
          folders > 0
              ? "No image was found; for the images in folders of the folders, add --recursive."
              : "No image was found.");
    }
    err.flush();
    return !none && failed + resumedFailed == 0;
  }

  private String before() {
    if (resumed == 0) {
      return "";
    }
    return resumedFailed == 0
        ? ", %d were classified before".formatted(resumed)
        : ", %d have rows already, of which %d failed".formatted(resumed, resumedFailed);
  }
}
