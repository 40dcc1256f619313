package dev.glimpse.api.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import java.time.Duration;

/**
 * Keeps a connection open for the response when its client has closed its own side directly after a
 * complete request, as {@code nc -N} does. A client that closes later has given up: the two look
 * the same to us, but who has given up has waited before.
 */
final class HalfClosed extends ChannelInboundHandlerAdapter {

  /** Between the end of a request and the end of the connection, for a client that waits for it. */
  private static final Duration AT_ONCE = Duration.ofMillis(250);

  private static final String NAME = "half-closed";

  /**
   * Vert.x's encoder. A handler directly behind it sees requests as they arrive, before any of them
   * is kept until its turn.
   */
  static final String ENCODER = "httpEncoder";

  /** Requests that have begun and whose responses have not ended; the first is there already. */
  private int open = 1;

  private boolean complete;
  private long completed;
  private boolean closing;

  private HalfClosed() {}

  /**
   * Returns the handler of an HTTP/1 connection, which is added with its first request. Call it on
   * the event loop.
   */
  static HalfClosed of(Channel connection) {
    if (connection.pipeline().get(NAME) instanceof HalfClosed there) {
      return there;
    }
    HalfClosed made = new HalfClosed();
    connection.pipeline().addAfter(ENCODER, NAME, made);
    connection.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    return made;
  }

  /** Counts a response as ended; returns whether no request can follow. */
  boolean lastEnded() {
    return --open <= 0 && closing;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    if (message instanceof HttpRequest) {
      complete = false;
      open++;
    }
    if (message instanceof LastHttpContent) {
      complete = true;
      completed = System.nanoTime();
    }
    super.channelRead(context, message);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
    if (event == ChannelInputShutdownEvent.INSTANCE) {
      if (open > 0 && complete && System.nanoTime() - completed < AT_ONCE.toNanos()) {
        closing = true;
      } else {
        var unused = context.close();
      }
    }
    super.userEventTriggered(context, event);
  }
}
