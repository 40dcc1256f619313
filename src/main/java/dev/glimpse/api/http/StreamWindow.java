package dev.glimpse.api.http;

import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2LocalFlowController;
import io.netty.handler.codec.http2.Http2Stream;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * Lets a client send a large body at once where there is memory for it. HTTP/2's window of a stream
 * allows 64 kB, as much as is reserved before the first byte is read; with no more than that, a
 * client would stop and wait for the service after each half of it.
 */
public final class StreamWindow {

  private static final int MOST = 64 << 20;

  private StreamWindow() {}

  /**
   * Allows more bytes of a request, once. To be called on its event loop; does nothing unless it is
   * one of HTTP/2, or if the window suffices.
   *
   * @param bytes that have not arrived, and for which memory is reserved
   */
  public static void allow(HttpServerRequest request, long bytes) {
    if (request.version() == HttpVersion.HTTP_2
        && request.connection() instanceof ConnectionBase connection) {
      Http2ConnectionHandler handler =
          connection.channel().pipeline().get(Http2ConnectionHandler.class);
      if (handler == null) {
        return; // the connection has been closed
      }
      Http2Stream stream = handler.connection().stream(request.response().streamId());
      Http2LocalFlowController windows = handler.connection().local().flowController();
      int more = (int) Math.min(bytes, MOST);
      if (stream == null || more <= windows.windowSize(stream)) {
        return;
      }
      try {
        windows.incrementWindowSize(stream, more);
        windows.incrementWindowSize(stream, -more); // what is read later is not allowed once more
        connection.channel().flush();
      } catch (Http2Exception e) {
        throw new IllegalStateException("The window of a stream cannot grow", e);
      }
    }
  }
}
