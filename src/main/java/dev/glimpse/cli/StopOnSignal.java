package dev.glimpse.cli;

import dev.glimpse.folder.FolderRun;
import java.io.IOException;

/**
 * Makes SIGINT and SIGTERM stop a run in good order: the end of the process waits until the rows
 * that have begun are written. The exit status is then that of the signal.
 */
final class StopOnSignal {

  private StopOnSignal() {}

  /** Writes rows until all are written, or the run is stopped. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException;
  }

  /** Does a run's work, on the calling thread. */
  static void during(FolderRun run, Work work) throws IOException {
    Thread hook = new Thread(() -> stop(run), "stop");
    try {
      Runtime.getRuntime().addShutdownHook(hook);
    } catch (IllegalStateException e) {
      return; // the process is ending already
    }
    try {
      work.run();
    } finally {
      remove(hook);
    }
  }

  private static void stop(FolderRun run) {
    try {
      run.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void remove(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending, because of the signal.
    }
  }
}
