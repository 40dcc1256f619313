package dev.glimpse.workers;

import dev.glimpse.threads.DaemonThreads;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Runs actions after a delay. */
public interface Timers extends AutoCloseable {

  /**
   * Starts a timer.
   *
   * @param nanos the delay; 0 or less: as soon as possible
   * @param action called once, on a thread of the timers; must be quick
   * @return cancels the timer, if it has not fired
   * @throws java.util.concurrent.RejectedExecutionException if these are closed
   */
  Runnable after(long nanos, Runnable action);

  /** Cancels all timers. */
  @Override
  default void close() {}

  /** Makes timers of one daemon thread, which is started with the first timer. */
  static Timers onDaemonThread() {
    ScheduledThreadPoolExecutor thread =
        new ScheduledThreadPoolExecutor(1, DaemonThreads.named("deadlines"));
    thread.setRemoveOnCancelPolicy(true); // nearly every timer is cancelled long before it fires
    return new Timers() {
      @Override
      public Runnable after(long nanos, Runnable action) {
        Future<?> timer = thread.schedule(action, nanos, TimeUnit.NANOSECONDS);
        return () -> timer.cancel(false);
      }

      @Override
      public void close() {
        thread.shutdownNow();
      }
    };
  }
}
