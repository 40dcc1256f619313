package dev.glimpse.api.connections;

import dev.glimpse.api.http.LogRate;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * Logs why connections are closed, or streams refused, at most one line in ten seconds, or can only
 * be few.
 */
final class ClosedConnectionsLog {

  private static final Logger LOG = Logger.getLogger(ClosedConnectionsLog.class);
  private static final Duration PERIOD = Duration.ofSeconds(10);

  private final LogRate rate;

  ClosedConnectionsLog(LongSupplier clock) {
    this.rate = new LogRate(1, PERIOD, clock);
  }

  /** Logs that a connection was closed; {@code reason} completes "because". */
  void closed(String reason) {
    report("A connection was closed because " + reason);
  }

  /** Logs that a connection could not be accepted. */
  void notAccepted(Throwable cause) {
    report("No connection can be accepted: " + cause.getMessage());
  }

  /** Logs that so many streams of HTTP/2 are open that further ones are refused. */
  void manyStreams(int streams) {
    report(
        "%d HTTP/2 streams are open, and further ones are refused; more heap, or a higher glimpse.http.max-connections, allows more"
            .formatted(streams));
  }

  /** Logs that the process may open so few files that clients are turned away soon. */
  void fewFiles(int connections) {
    LOG.warnf(
        "No more than %d connections can be open, as this process may open few more files; raise"
            + " ulimit -n",
        connections);
  }

  private void report(String what) {
    int others = rate.next();
    if (others != LogRate.LEAVE_OUT) {
      LOG.warn(others == 0 ? what : what + " (and " + others + " more since the last such line)");
    }
  }
}
