package dev.glimpse.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Shows how many images are done, how many are done a second, and how long the rest will take. Used
 * by one thread; another may set the total meanwhile.
 */
final class ProgressBar {

  private static final long REDRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final int WIDTH = 30;
  private static final String CLEAR = "\r\033[K";

  private final PrintWriter err;
  private final boolean shown;
  private final int doneBefore;
  private final LongSupplier clock;
  private final long started;

  private long drawn;
  private long done;

  /** The number of images, also those that were done before; −1 until they are counted. */
  private volatile long total = -1;

  /**
   * Starts the clock; draws nothing yet.
   *
   * @param shown whether there is a bar, as on a terminal; otherwise images are only counted
   * @param doneBefore how many images earlier runs have done
   * @param clock in nanoseconds
   */
  ProgressBar(PrintWriter err, boolean shown, int doneBefore, LongSupplier clock) {
    this.err = err;
    this.shown = shown;
    this.doneBefore = doneBefore;
    this.clock = clock;
    this.started = clock.getAsLong();
    this.drawn = started;
  }

  /** Starts a bar on standard error, if that is a terminal, for so many images. */
  static ProgressBar of(PrintWriter err, int images) {
    ProgressBar bar = new ProgressBar(err, Terminal.isError(), 0, System::nanoTime);
    bar.total(images);
    return bar;
  }

  /** Sets the number of images, also those that were done before. */
  void total(long images) {
    total = images;
  }

  /** Counts an image, and draws the bar anew, ten times a second at most. */
  void done() {
    done++;
    long now = clock.getAsLong();
    if (shown && now - drawn >= REDRAW_NANOS) {
      drawn = now;
      err.print("\r" + line(now) + "\033[K");
      err.flush();
    }
  }

  /** Prints a line in place of the bar, which comes again with the next image. */
  void println(String line) {
    err.println((shown ? CLEAR : "") + line);
    err.flush();
  }

  /** Removes the bar. */
  void clear() {
    if (shown) {
      err.print(CLEAR);
      err.flush();
    }
  }

  /** Returns how many images were counted. */
  long count() {
    return done;
  }

  /** Returns the seconds since the start. */
  double seconds() {
    return (clock.getAsLong() - started) / 1e9;
  }

  /** Returns how many images were counted a second. */
  double rate() {
    return rate(clock.getAsLong());
  }

  private double rate(long now) {
    return done / Math.max(1e-9, (now - started) / 1e9);
  }

  private String line(long now) {
    double rate = rate(now);
    long all = done + doneBefore;
    long whole = Math.max(total, all);
    if (total < 0) {
      return String.format(Locale.ROOT, "%d images, %.0f/s", all, rate);
    }
    int filled = (int) (WIDTH * all / Math.max(1, whole));
    return String.format(
        Locale.ROOT,
        "[%s%s] %d of %d, %.0f/s, %s left",
        "#".repeat(filled),
        " ".repeat(WIDTH - filled),
        all,
        whole,
        rate,
        time((long) ((whole - all) / Math.max(rate, 1e-3))));
  }

  private static String time(long seconds) {
    return seconds < 3600
        ? "%d:%02d".formatted(seconds / 60, seconds % 60)
        : "%d:%02d:%02d".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60);
  }
}
