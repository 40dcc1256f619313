package dev.glimpse.results;

import dev.glimpse.support.FakeTime;
import java.time.Duration;

/** Runs what it is given when a test lets time pass. */
final class FakeThread implements ResultsThread {

  private final FakeTime time;

  FakeThread(FakeTime time) {
    this.time = time;
  }

  @Override
  public void execute(Runnable action) {
    after(Duration.ZERO, action);
  }

  @Override
  public void after(Duration delay, Runnable action) {
    var unused =
        time.after(
            delay.toNanos(),
            () -> {
              try {
                action.run();
              } catch (RuntimeException | Error e) {
                // As an executor does: what follows is run all the same.
              }
            });
  }
}
