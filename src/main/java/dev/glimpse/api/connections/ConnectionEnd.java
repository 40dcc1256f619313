package dev.glimpse.api.connections;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;

/**
 * Closes one connection: at once, or after a last response that its client shall be able to read.
 * Confined to the connection's event loop, except where a method says otherwise.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failure closes the connection
final class ConnectionEnd {

  /** How long a client may go on sending after its connection has been given up. */
  private static final int LINGER_MILLIS = 1000;

  private final Channel channel;
  private final ClosedConnectionsLog log;
  private final ReadPause pause;
  private boolean hasBegun;

  ConnectionEnd(Channel channel, ClosedConnectionsLog log, ReadPause pause) {
    this.channel = channel;
    this.log = log;
    this.pause = pause;
  }

  /** Returns whether a last response is on its way, so that what still arrives is ignored. */
  boolean hasBegun() {
    return hasBegun;
  }

  /**
   * Closes the connection without further ado. Any thread may call it.
   *
   * @param reason completes "because" in the log
   */
  void close(String reason) {
    if (channel.isOpen()) {
      log.closed(reason);
      channel.eventLoop().execute(this::closeNow);
    }
  }

  /** Closes the socket itself: HTTP/2 would first wait for the streams that are open. */
  void closeNow() {
    channel.unsafe().close(channel.unsafe().voidPromise());
  }

  /**
   * Writes a last response, takes no more requests, and closes when the client has read it.
   *
   * @param context from which only TLS is still applied
   */
  void closeAfter(ChannelHandlerContext context, ByteBuf response) {
    hasBegun = true;
    context.writeAndFlush(response).addListener(written -> linger());
  }

  /** Ignores what the client still sends: closing at once could take the response away from it. */
  private void linger() {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls == null) {
      endOutput();
    } else {
      tls.closeOutbound().addListener(sent -> endOutput()); // tells that nothing is missing
    }
    pause.end();
    channel.eventLoop().schedule(this::closeNow, LINGER_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void endOutput() {
    if (channel instanceof DuplexChannel duplex) {
      duplex.shutdownOutput();
    }
  }
}
