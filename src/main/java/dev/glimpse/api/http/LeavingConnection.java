package dev.glimpse.api.http;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection of HTTP/2 in two steps, as <a
 * href="https://www.rfc-editor.org/rfc/rfc9113#section-6.8">RFC 9113, 6.8</a> recommends: the
 * client is told to begin no more calls, and has the time to learn of that; what it has begun until
 * then is answered, and then the connection ends.
 */
final class LeavingConnection {

  private static final AttributeKey<Boolean> KEY =
      AttributeKey.valueOf(LeavingConnection.class, "leaving");

  private static final int NO_ERROR = 0;

  /** No call that was begun is given up. */
  private static final int LAST_STREAM = Integer.MAX_VALUE;

  /** Is longer than a round trip. */
  private static final long GRACE_MILLIS = 1000;

  private LeavingConnection() {}

  /**
   * Closes the connection when its calls have ended, unless it has been told to already. To be
   * called on its event loop.
   *
   * @param longest how long its calls may take
   */
  @SuppressWarnings("FutureReturnValueIgnored") // a timer; it cannot fail
  static void begin(HttpConnection connection, Duration longest) {
    Channel channel = ((ConnectionBase) connection).channel();
    if (channel.attr(KEY).setIfAbsent(true) == null) {
      connection.goAway(NO_ERROR, LAST_STREAM);
      channel
          .eventLoop()
          .schedule(
              () -> connection.shutdown(longest.toMillis(), TimeUnit.MILLISECONDS),
              GRACE_MILLIS,
              TimeUnit.MILLISECONDS);
    }
  }
}
