package dev.glimpse.api.connections;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Keeps what has been decoded of an HTTP/1 request until the one before it is answered. Vert.x
 * would take it, but with a request that it has not begun it fails to notice the end of the
 * connection: the one before it would go on without its client. Confined to the connection's event
 * loop.
 */
final class NextRequest {

  private final Queue<Object> messages = new ArrayDeque<>();

  /** Keeps a part of it. */
  void add(Object message) {
    messages.add(message);
  }

  /** Passes on what there is of it. */
  void passOn(ChannelHandlerContext context) {
    for (Object next = messages.poll(); next != null; next = messages.poll()) {
      context.fireChannelRead(next);
    }
  }

  /** Discards what there is of it. */
  void discard() {
    for (Object next = messages.poll(); next != null; next = messages.poll()) {
      ReferenceCountUtil.release(next);
    }
  }
}
