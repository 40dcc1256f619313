package dev.glimpse.workers;

import java.util.ArrayList;
import java.util.List;

/**
 * Keeps what a request holds beside its slots, such as its body's memory, until its last slot is
 * released. Any thread may call it.
 */
final class Holdings {

  private final List<Runnable> releases = new ArrayList<>();
  private int slots = 1;

  /** Adds something to be released with the last slot, or releases it now if that has been. */
  void add(Runnable release) {
    synchronized (this) {
      if (slots > 0) {
        releases.add(release);
        return;
      }
    }
    release.run();
  }

  /** Counts one more slot of the same request. */
  synchronized Holdings share() {
    slots++;
    return this;
  }

  /** Counts a slot as released. */
  void leave() {
    List<Runnable> last;
    synchronized (this) {
      if (--slots > 0) {
        return;
      }
      last = List.copyOf(releases);
      releases.clear();
    }
    last.forEach(Runnable::run);
  }
}
