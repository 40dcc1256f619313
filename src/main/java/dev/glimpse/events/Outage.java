package dev.glimpse.events;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * Knows whether a sink takes events, logs once that it does not, and once that it does again; a
 * sink that goes and comes is reported once a minute at most. For one thread.
 */
final class Outage {

  private static final Logger LOG = Logger.getLogger("dev.glimpse.events");

  static final long PERIOD = Duration.ofMinutes(1).toNanos();

  private final String sink;
  private final LongSupplier clock;
  private boolean reported;
  private boolean everReported;
  private long reportedAt;

  /**
   * Begins with a sink that takes events.
   *
   * @param sink its name in the log
   * @param clock in nanoseconds
   */
  Outage(String sink, LongSupplier clock) {
    this.sink = sink;
    this.clock = clock;
  }

  /**
   * Notes that events were not accepted.
   *
   * @param reason as the rest of a sentence about the sink
   */
  void failed(String reason) {
    if (!reported && (!everReported || clock.getAsLong() - reportedAt >= PERIOD)) {
      reported = true;
      everReported = true;
      reportedAt = clock.getAsLong();
      LOG.warnf(
          "Events of predictions are not accepted: %s %s. Predictions are answered as before;"
              + " glimpse_events_dropped_total counts the events that are dropped.",
          sink, reason);
    }
  }

  /** Notes that events were accepted. */
  void worked() {
    if (reported) {
      reported = false;
      LOG.infof("Events of predictions are accepted again by %s.", sink);
    }
  }
}
