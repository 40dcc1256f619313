package dev.glimpse.cli;

import dev.glimpse.failure.InterruptedStartException;
import java.util.concurrent.CountDownLatch;

/**
 * Makes SIGINT and SIGTERM stop a command in good order: the end of the process waits until this is
 * closed, when nothing is left to be written and no thread is inside a native library. The exit
 * status is then that of the signal.
 */
final class StopOnSignal implements AutoCloseable {

  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread hook = new Thread(this::end, "stop");
  private Runnable stop = () -> {};
  private boolean signalled;

  private StopOnSignal() {}

  /** Begins to wait for signals. */
  static StopOnSignal open() {
    StopOnSignal signal = new StopOnSignal();
    try {
      Runtime.getRuntime().addShutdownHook(signal.hook);
    } catch (IllegalStateException e) {
      signal.signal(); // the process is ending already, without waiting
    }
    return signal;
  }

  /** Says how to stop what is done from now on; a signal that has come already stops it at once. */
  synchronized void stopsBy(Runnable how) {
    stop = how;
    if (signalled) {
      how.run();
    }
  }

  /** Returns whether a signal has come. */
  synchronized boolean isSignalled() {
    return signalled;
  }

  private void end() {
    signal();
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Acts as a signal does. */
  synchronized void signal() {
    signalled = true;
    InterruptedStartException.interrupt(); // no model is loaded that will not be used
    stop.run();
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending, because of the signal.
    }
  }
}
