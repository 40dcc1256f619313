package dev.glimpse.lifecycle;

import java.util.logging.Filter;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/**
 * Drops what Netty logs, with a stack trace each time, when Vert.x fails to end the requests of a
 * broken connection, as with too large headers over HTTP/2, or streams that were refused before
 * Vert.x knew them: a client can cause it at will, and the connection ends all the same. Exceptions
 * of other listeners, such as Glimpse's own, are logged.
 */
final class BrokenRequests implements Filter {

  private static final String LOGGER = "io.netty.util.concurrent.DefaultPromise";
  private static final String MESSAGE = "An exception was thrown by ";
  private static final String VERTX = "io.vertx.core.http.impl.";
  private static final String NETTY = "io.netty.handler.codec.http2.";

  @Override
  public boolean isLoggable(LogRecord line) {
    String message = line.getMessage();
    if (!LOGGER.equals(line.getLoggerName()) || message == null) {
      return true;
    }
    boolean ofNetty = message.startsWith(MESSAGE + NETTY);
    return !message.startsWith(MESSAGE + VERTX) && !(ofNetty && isOfVertx(line.getThrown()));
  }

  private static boolean isOfVertx(@Nullable Throwable thrown) {
    StackTraceElement[] stack = thrown == null ? new StackTraceElement[0] : thrown.getStackTrace();
    return stack.length > 0 && stack[0].getClassName().startsWith(VERTX);
  }
}
