package dev.glimpse.cli;

import dev.glimpse.failure.Printable;
import dev.glimpse.folder.FolderRun;
import dev.glimpse.folder.ImageInputs;
import dev.glimpse.folder.Row;
import dev.glimpse.threads.DaemonThreads;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Counts the rows of {@code classify}, shows a progress bar on a terminal, and prints a summary at
 * the end. Used by one thread; another counts the files meanwhile.
 */
final class ClassifyProgress implements FolderRun.Listener {

  private final PrintWriter err;
  private final ProgressBar bar;
  private final int resumed;
  private final long resumedFailed;
  private long failed;

  ClassifyProgress(
      PrintWriter err, boolean shown, int resumed, long resumedFailed, LongSupplier clock) {
    this.err = err;
    this.bar = new ProgressBar(err, shown, resumed, clock);
    this.resumed = resumed;
    this.resumedFailed = resumedFailed;
  }

  /**
   * Starts the clock and, where there is a bar, a thread that counts the files.
   *
   * @param files lists the files; not used where a list on standard input names them
   * @param resumed how many files have rows from earlier runs
   * @param resumedFailed how many of those rows have a problem
   */
  static ClassifyProgress start(
      PrintWriter err,
      boolean shown,
      Supplier<ImageInputs> files,
      int resumed,
      long resumedFailed) {
    ClassifyProgress progress =
        new ClassifyProgress(err, shown, resumed, resumedFailed, System::nanoTime);
    if (shown && !files.get().hasList()) {
      DaemonThreads.start("counting", () -> progress.count(files.get()));
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
    bar.total(files);
  }

  @Override
  public void written(Row row) {
    if (row.problem().isPresent()) {
      failed++;
    }
    bar.done();
  }

  @Override
  public void notSorted(String why) {
    failed++;
    bar.println(Printable.of(why));
  }

  /**
   * Prints the summary, unless all there was is one image.
   *
   * @param skipped how many files were passed over because of their names
   * @param folders how many folders in folders were passed over
   * @return whether there were images, and all were classified, and sorted, also in earlier runs
   */
  boolean end(long skipped, long folders) {
    bar.clear();
    long rows = bar.count();
    if (rows != 1 || failed > 0 || skipped > 0 || resumed > 0) {
      err.println(
          String.format(
              Locale.ROOT,
              "%d images in %.1f s (%.0f/s), %d failed%s%s.",
              rows,
              bar.seconds(),
              bar.rate(),
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
