package dev.glimpse.api.connections;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/** Logs why connections are closed: the first, and then at most one line in ten seconds. */
final class ClosedConnectionsLog {

  private static final Logger LOG = Logger.getLogger(ClosedConnectionsLog.class);
  private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final LongSupplier clock;
  private final AtomicLong next;
  private final AtomicInteger suppressed = new AtomicInteger();

  ClosedConnectionsLog(LongSupplier clock) {
    this.clock = clock;
    this.next = new AtomicLong(clock.getAsLong());
  }

  /** Logs that a connection was closed; {@code reason} completes "because". */
  void closed(String reason) {
    report("A connection was closed because " + reason);
  }

  /** Logs that a connection could not be accepted. */
  void notAccepted(Throwable cause) {
    report("No connection can be accepted: " + cause.getMessage());
  }

  private void report(String what) {
    long now = clock.getAsLong();
    long due = next.get();
    if (now - due < 0 || !next.compareAndSet(due, now + INTERVAL_NANOS)) {
      suppressed.incrementAndGet();
      return;
    }
    int others = suppressed.getAndSet(0);
    LOG.warn(others == 0 ? what : what + " (and " + others + " more since the last such line)");
  }
}
