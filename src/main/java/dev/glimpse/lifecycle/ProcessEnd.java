package dev.glimpse.lifecycle;

import dev.glimpse.failure.InterruptedStartException;
import dev.glimpse.metrics.StartupTimeline;
import io.quarkus.runtime.ApplicationLifecycleManager;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Ends the process without a crash or a stack trace where the start fails or a signal interrupts
 * it. The C runtime destroys a library's data when the process exits, and a thread that is still
 * inside the library then crashes; so the exit waits for the threads that load libraries and
 * models.
 */
final class ProcessEnd {

  /** Far longer than loading takes; a disk that hangs must not keep the process alive. */
  private static final long LONGEST_WAIT_MILLIS = TimeUnit.SECONDS.toMillis(10);

  /** Held here, as the log manager may forget a logger that is not used. */
  private static final Logger QUARKUS = Logger.getLogger("io.quarkus.runtime.Application");

  /** Logs its version before levels are configured, which a failed start then prints. */
  private static final Logger VALIDATOR = Logger.getLogger("org.hibernate.validator");

  /** Logs, likewise, that there is no CUDA; its level is that of {@code application.properties}. */
  private static final Logger DJL = Logger.getLogger("ai.djl.onnxruntime.engine.OrtEngine");

  private static final List<Thread> AWAITED = new CopyOnWriteArrayList<>();

  private static volatile boolean failed;

  private ProcessEnd() {}

  /** Makes every end of the process wait for a thread. */
  static void waitsFor(Thread thread) {
    AWAITED.add(thread);
  }

  /** Makes the process end as the class says. */
  static void prepare() {
    VALIDATOR.setLevel(Level.WARNING);
    DJL.setLevel(Level.SEVERE);
    QUARKUS.setFilter(ProcessEnd::isLogged);
    // Not passed to Quarkus.run, which then would not print why a start fails.
    ApplicationLifecycleManager.setDefaultExitCodeHandler(ProcessEnd::exit);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  if (!failed && !StartupTimeline.isOver()) {
                    interruptedStart();
                  }
                  AWAITED.forEach(ProcessEnd::await);
                },
                "process-end"));
  }

  /** Prints a sentence in place of a stack trace if the machine is to blame for a failed start. */
  private static boolean isLogged(LogRecord line) {
    Optional<String> fault = Optional.ofNullable(line.getThrown()).flatMap(StartFault::of);
    fault.ifPresent(System.err::println);
    return fault.isEmpty();
  }

  /** Ends the process, as Quarkus's own handler does. */
  private static void exit(Integer status, @Nullable Throwable cause) {
    failed = cause != null;
    InterruptedStartException.interrupt(); // what is still to be loaded will not be served
    System.exit(status);
  }

  /** Waits until the thread has ended, but not for ever. */
  static void await(Thread thread) {
    try {
      thread.join(LONGEST_WAIT_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns whether the process is ending, so that nothing can be added that runs then. */
  static boolean isEnding() {
    try {
      Runtime.getRuntime().removeShutdownHook(new Thread());
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }

  /** Prints one line in place of the error that the start now ends with, wherever it is. */
  private static void interruptedStart() {
    QUARKUS.setLevel(Level.OFF);
    InterruptedStartException.interrupt();
    System.err.println("The start was interrupted by a signal.");
  }
}
