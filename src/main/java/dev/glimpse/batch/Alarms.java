package dev.glimpse.batch;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Calls back when a time is up. */
interface Alarms {

  /**
   * Sets an alarm.
   *
   * @param nanos from now; 0 or less: as soon as may be
   * @param action called once, on a thread of the alarms'; must be quick
   * @return takes the alarm back, if it is not too late
   */
  Runnable after(long nanos, Runnable action);

  /** Alarms by one daemon thread, which is there once the first alarm is set. */
  static Alarms onAThread() {
    ScheduledThreadPoolExecutor clock =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "deadlines");
              thread.setDaemon(true);
              return thread;
            });
    clock.setRemoveOnCancelPolicy(true); // nearly every alarm is taken back, long before its time
    return (nanos, action) -> {
      Future<?> alarm = clock.schedule(action, nanos, TimeUnit.NANOSECONDS);
      return () -> alarm.cancel(false);
    };
  }
}
