package dev.glimpse.api.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Connections that have come in since the end began. Each is closed with its first answer, so as
 * long as one is open, somebody is about to send a request on it or waits for the answer.
 */
@Sharable
final class LateConnections extends ChannelInboundHandlerAdapter {

  private final Set<Channel> open = ConcurrentHashMap.newKeySet();

  /** From now on, what comes in through this port is one. */
  void watch(Channel port) {
    port.pipeline().addFirst(this);
  }

  /** Whether one is open. */
  boolean any() {
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
