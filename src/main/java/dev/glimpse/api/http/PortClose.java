package dev.glimpse.api.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.nio.AbstractNioChannel.NioUnsafe;
import java.util.concurrent.TimeUnit;

/**
 * Closes a port when every connection that the kernel has made for it has been accepted: closing it
 * resets those that wait to be. Between the last look and the end of the port there is no more than
 * one call of the system, but the thread may be interrupted there: unless {@link NewConnections}
 * has turned them away before, connections that are made just then, or whose handshake is still
 * under way, are reset.
 */
final class PortClose {

  /** Counts what is accepted. Confined to the port's event loop. */
  private static final class Counter extends ChannelInboundHandlerAdapter {

    private int accepted;

    @Override
    public void channelRead(ChannelHandlerContext context, Object connection) throws Exception {
      accepted++;
      super.channelRead(context, connection);
    }
  }

  private PortClose() {}

  /** Closes a port, and blocks until it is closed. Not to be called on an event loop. */
  static void close(Channel port) {
    if (port.isOpen() && port.unsafe() instanceof NioUnsafe acceptor) {
      // While a selector knows the port, the kernel keeps it open until the next selection.
      port.deregister().syncUninterruptibly();
      port.eventLoop()
          .schedule(() -> acceptAllAndClose(port, acceptor), 1, TimeUnit.MILLISECONDS)
          .syncUninterruptibly(); // timers run after a selection
    }
    port.close().syncUninterruptibly();
  }

  private static void acceptAllAndClose(Channel port, NioUnsafe acceptor) {
    Counter counter = new Counter();
    port.pipeline().addFirst(counter);
    int before;
    do {
      before = counter.accepted;
      acceptor.read(); // accepts some, or none
    } while (counter.accepted > before);
    var unused = port.close();
  }
}
