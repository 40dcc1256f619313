package dev.glimpse.api.live;

import java.util.ArrayList;
import java.util.List;

/**
 * Does once what the end of a connection asks for, also if it ends while it is being made. Confined
 * to the connection's event loop.
 */
final class LiveEnd {

  private final List<Runnable> steps = new ArrayList<>();
  private boolean ended;

  /** Adds what to do at the end; does it at once if that has come. */
  void add(Runnable step) {
    if (ended) {
      step.run();
    } else {
      steps.add(step);
    }
  }

  boolean hasCome() {
    return ended;
  }

  /** Does all of it, in the order in which it was added. Again it does nothing. */
  void run() {
    ended = true;
    List<Runnable> now = List.copyOf(steps);
    steps.clear();
    now.forEach(Runnable::run);
  }
}
