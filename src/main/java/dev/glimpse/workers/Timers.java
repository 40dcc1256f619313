package dev.glimpse.workers;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Calls back when a time is up. */
public interface Timers extends AutoCloseable {

  /**
   * Sets an alarm.
   *
   * @param nanos from now; 0 or less: as soon as may be
   * @param action called once, on a thread of the alarms'; must be quick
   * @return takes the alarm back, if it is not too late
   * @throws java.util.concurrent.RejectedExecutionException if these are closed
   */
  Runnable after(long nanos, Runnable action);

  /** No alarm goes off after this. */
  @Override
  default void close() {}

  /** Timers by one daemon thread, which is there once the first alarm is set. */
  static Timers onAThread() {
    ScheduledThreadPoolExecutor thread =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread daemon = new Thread(task, "deadlines");
              daemon.setDaemon(true);
              return daemon;
            });
    thread.setRemoveOnCancelPolicy(true); // nearly every alarm is taken back, long before its time
    return new Timers() {
      @Override
      public Runnable after(long nanos, Runnable action) {
        Future<?> alarm = thread.schedule(action, nanos, TimeUnit.NANOSECONDS);
        return () -> alarm.cancel(false);
      }

      @Override
      public void close() {
        thread.shutdownNow();
      }
    };
  }
}
