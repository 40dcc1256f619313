package dev.glimpse.api.connections;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.flush.FlushConsolidationHandler;

/**
 * Sends at once what one turn of an event loop writes to a connection of HTTP/2. Vert.x flushes a
 * response with trailers before them and after them, which would be two system calls, two records
 * of TLS and, for its client, two turns.
 */
final class JoinedFlushes {

  private static final String NAME = "glimpse.flushes";

  private JoinedFlushes() {}

  /**
   * Joins the flushes of a connection from now on.
   *
   * @param frames of the handler that writes frames
   */
  static void addBefore(ChannelHandlerContext frames) {
    frames
        .pipeline()
        .addBefore(
            frames.name(),
            NAME,
            new FlushConsolidationHandler(
                FlushConsolidationHandler.DEFAULT_EXPLICIT_FLUSH_AFTER_FLUSHES, true));
  }
}
