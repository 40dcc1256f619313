package dev.glimpse.cli;

import dev.glimpse.pull.PullProgressListener;
import java.util.Locale;
import java.util.OptionalLong;

/** Prints the progress of a download: a progress bar on a terminal, else one line for each file. */
final class PullProgress implements PullProgressListener {

  private static final int WIDTH = 30;

  private final Output out;
  private final boolean terminal;

  private String file = "";
  private OptionalLong total = OptionalLong.empty();
  private long shown = -1;
  private long bytes;

  PullProgress(Output out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  @Override
  public void started(String name, long already, OptionalLong size) {
    file = name;
    total = size;
    shown = -1;
    bytes = already;
    if (already > 0 && already != size.orElse(-1) && !out.json()) {
      out.print("%s resumes at %s\n".formatted(file, ModelsList.size(already)));
    }
  }

  @Override
  public void received(long now) {
    bytes = now;
    if (!terminal || out.json()) {
      return;
    }
    // Only when the bar changes: at each percent, or each megabyte.
    long step = total.isPresent() ? 100 * now / Math.max(1, total.getAsLong()) : now / 1_000_000;
    if (step != shown) {
      shown = step;
      out.print("\r" + line());
    }
  }

  @Override
  public void done() {
    if (!out.json()) {
      out.print("%s%s  %s\n".formatted(terminal ? "\r\033[K" : "", file, ModelsList.size(bytes)));
    }
  }

  @Override
  public void interrupted(String sentence) {
    if (!out.json()) {
      out.print("%s%s; trying again\n".formatted(terminal ? "\n" : "", sentence));
    }
  }

  private String line() {
    if (total.isEmpty()) {
      return "%s  %s".formatted(file, ModelsList.size(bytes));
    }
    int filled = (int) (WIDTH * shown / 100);
    return String.format(
        Locale.ROOT,
        "%s  [%s%s] %3d %%  of %s",
        file,
        "#".repeat(filled),
        " ".repeat(WIDTH - filled),
        shown,
        ModelsList.size(total.getAsLong()));
  }
}
