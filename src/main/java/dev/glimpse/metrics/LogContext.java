package dev.glimpse.metrics;

import java.util.Map;
import java.util.function.Supplier;
import org.jboss.logging.MDC;

/**
 * Carries a request's log context, such as its {@code request_id}, to the threads that work for the
 * request.
 */
public final class LogContext {

  private final Map<String, Object> entries;

  private LogContext(Map<String, Object> entries) {
    this.entries = entries;
  }

  /** Captures the log context of the calling thread. */
  public static LogContext capture() {
    return new LogContext(MDC.getMap());
  }

  /** Creates a context of these entries, which are added to those of the thread that runs in it. */
  public static LogContext of(Map<String, Object> entries) {
    return new LogContext(Map.copyOf(entries));
  }

  /** Runs an action in this context, and restores the thread's own afterwards. */
  public void run(Runnable action) {
    call(() -> {
      action.run();
      return this;
    });
  }

  /** Does what {@link #run} does, for an action with a result. */
  public <T> T call(Supplier<T> action) {
    Map<String, Object> own = MDC.getMap();
    entries.forEach(MDC::put);
    try {
      return action.get();
    } finally {
      entries.keySet().forEach(MDC::remove);
      own.forEach(MDC::put);
    }
  }
}
