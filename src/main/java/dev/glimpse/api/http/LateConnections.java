package dev.glimpse.api.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tracks the connections accepted since the shutdown began. Each is closed with its first response,
 * so as long as one is open, its client is about to send a request or waits for the response.
 */
@Sharable
final class LateConnections extends ChannelInboundHandlerAdapter {

  private final Set<Channel> open = ConcurrentHashMap.newKeySet();

  /** Tracks every connection that this port accepts from now on. */
  void watch(Channel port) {
    port.pipeline().addFirst(this);
  }

  /** Returns whether any is open. */
  boolean any() {
    open.removeIf(connection -> !connection.isOpen()); // closed before it had an event loop
    return !open.isEmpty();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object accepted) throws Exception {
    if (accepted instanceof Channel connection) {
      open.add(connection);
      connection.closeFuture().addListener(closed -> open.remove(connection));
    }
    super.channelRead(context, accepted);
  }
}
