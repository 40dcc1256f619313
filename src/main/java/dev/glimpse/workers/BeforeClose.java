package dev.glimpse.workers;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Holds what is to be done before the workers stop. Any thread may call it. */
final class BeforeClose {

  private final Queue<Runnable> actions = new ConcurrentLinkedQueue<>();
  private volatile boolean closing;

  /**
   * Registers an action; does it at once if the workers are stopping already. It may be done twice.
   *
   * @return removes the registration
   */
  Runnable add(Runnable action) {
    actions.add(action);
    if (closing) { // e.g. for a model whose load has ended only now
      action.run();
    }
    return () -> actions.remove(action);
  }

  /** Does all of it. */
  void run() {
    closing = true;
    actions.forEach(Runnable::run);
  }
}
