package dev.glimpse.results;

import dev.glimpse.threads.DaemonThreads;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * The thread that stores and runners are confined to. What is given to it when closed is dropped;
 * what an action throws is logged.
 */
interface ResultsThread extends Executor, AutoCloseable {

  /** Runs an action later. */
  void after(Duration delay, Runnable action);

  @Override
  default void close() {}

  /** Starts a daemon thread with the first action. */
  static ResultsThread start() {
    ScheduledThreadPoolExecutor thread =
        new ScheduledThreadPoolExecutor(1, DaemonThreads.named("results"));
    Logger log = Logger.getLogger(ResultsThread.class);
    return new ResultsThread() {
      @Override
      public void execute(Runnable action) {
        after(Duration.ZERO, action);
      }

      @Override
      public void after(Duration delay, Runnable action) {
        try {
          var unused = thread.schedule(() -> run(action), delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
          // It is closed: what is kept for a later process was kept before.
        }
      }

      private void run(Runnable action) {
        try {
          action.run();
        } catch (RuntimeException | Error e) {
          log.error("Internal error: an action on stored results failed", e);
        }
      }

      @Override
      public void close() {
        thread.shutdownNow();
      }
    };
  }
}
