package dev.glimpse.lifecycle;

import java.util.logging.Filter;
import java.util.logging.LogRecord;

/**
 * Drops what Netty logs, with a stack trace each time, when Vert.x fails to end a request of a
 * broken connection, as with too large headers over HTTP/2: a client can cause it at will.
 * Exceptions of other listeners, such as Glimpse's own, are logged.
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
