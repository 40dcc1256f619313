package dev.glimpse.api.connections;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;

/**
 * Guards a port: admits each connection or closes it, and waits a moment when the system can accept
 * none, as when the process may open no more files.
 */
@Sharable
@SuppressWarnings("FutureReturnValueIgnored") // a timer; it cannot fail
final class PortGuard extends ChannelInboundHandlerAdapter {

  private static final int PAUSE_MILLIS = 100;

  private final OpenConnections connections;
  private final ClosedConnectionsLog log;

  PortGuard(OpenConnections connections, ClosedConnectionsLog log) {
    this.connections = connections;
    this.log = log;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object accepted) throws Exception {
    if (accepted instanceof Channel channel) {
      ConnectionGuard guard = new ConnectionGuard(channel, connections);
      if (!connections.admit(guard, channel.remoteAddress())) {
        channel.unsafe().closeForcibly();
        return;
      }
      channel.attr(ConnectionGuard.KEY).set(guard);
      channel.pipeline().addLast(guard);
    }
    super.channelRead(context, accepted);
  }

  /** Does not pass it on: Netty would pause for a second, and log each failure with its stack. */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    log.notAccepted(cause);
    connections.evict();
    Channel port = context.channel();
    if (port.config().isAutoRead()) {
      port.config().setAutoRead(false);
      context
          .executor()
          .schedule(() -> port.config().setAutoRead(true), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }
  }
}
