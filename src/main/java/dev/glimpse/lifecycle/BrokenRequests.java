package dev.glimpse.lifecycle;

import java.util.logging.Filter;
import java.util.logging.LogRecord;

/**
 * Leaves out what Netty logs, with a stack each time, where Vert.x fails to end a request of a
 * connection that broke, as with too large headers over HTTP/2: a client can make it happen as
 * often as it likes. Exceptions of other listeners, such as our own, are logged.
 */
final class BrokenRequests implements Filter {

  private static final String LOGGER = "io.netty.util.concurrent.DefaultPromise";
  private static final String MESSAGE = "An exception was thrown by io.vertx.core.http.impl.";

  @Override
  public boolean isLoggable(LogRecord line) {
    return !LOGGER.equals(line.getLoggerName())
        || line.getMessage() == null
        || !line.getMessage().startsWith(MESSAGE);
  }
}
