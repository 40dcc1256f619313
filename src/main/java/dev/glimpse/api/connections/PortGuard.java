package dev.glimpse.api.connections;

import dev.glimpse.api.http.ClientNetwork;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Guards a port: admits each connection in its turn or closes it, and waits a moment when the
 * system can accept none, as when the process may open no more files.
 */
@Sharable
@SuppressWarnings("FutureReturnValueIgnored") // timers and tasks; they cannot fail
final class PortGuard extends ChannelInboundHandlerAdapter {

  private static final int PAUSE_MILLIS = 100;

  /** So few that an event loop soon comes back to the other connections. */
  private static final int STARTING = 64;

  private final OpenConnections connections;
  private final StartingConnections<ClientNetwork> starting;
  private final ClosedConnectionsLog log;

  PortGuard(OpenConnections connections, ClosedConnectionsLog log) {
    this.connections = connections;
    this.starting = new StartingConnections<>(STARTING, connections.limits().notStarted());
    this.log = log;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object accepted) throws Exception {
    if (accepted instanceof Channel channel) {
      starting.add(
          ClientNetwork.of(channel.remoteAddress()), new AcceptedConnection(context, channel));
    } else {
      super.channelRead(context, accepted);
    }
  }

  /** Starts what waits: when the port is gone, there is nothing that could. */
  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    starting.startAll();
    super.channelInactive(context);
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

  /** Is a connection that no event loop knows yet. */
  private final class AcceptedConnection implements StartingConnections.Waiting {

    private final ChannelHandlerContext port;
    private final Channel channel;

    AcceptedConnection(ChannelHandlerContext port, Channel channel) {
      this.port = port;
      this.channel = channel;
    }

    @Override
    public void start() {
      if (port.executor().inEventLoop()) {
        admit();
      } else {
        port.executor().execute(this::admit);
      }
    }

    private void admit() {
      ConnectionGuard guard = new ConnectionGuard(channel, connections);
      if (connections.admit(guard, channel.remoteAddress())) {
        channel.attr(ConnectionGuard.KEY).set(guard);
        channel.pipeline().addLast(new FirstRead(channel, starting::started), guard);
        port.fireChannelRead(channel);
      } else {
        channel.unsafe().closeForcibly();
        port.executor().execute(starting::started);
      }
    }

    @Override
    public void giveUp() {
      log.closed("its client makes more connections than can be started");
      channel.unsafe().closeForcibly();
    }
  }

  /** Notices when an event loop has had the time to read from a connection, or it is closed. */
  private static final class FirstRead extends ChannelInboundHandlerAdapter {

    /** Timers run after the event loop has looked for something to read. */
    private static final int NEXT_PASS_MILLIS = 1;

    private final AtomicBoolean seen = new AtomicBoolean();
    private final Runnable next;

    FirstRead(Channel channel, Runnable next) {
      this.next = next;
      channel.closeFuture().addListener(closed -> see());
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      context.channel().eventLoop().schedule(this::see, NEXT_PASS_MILLIS, TimeUnit.MILLISECONDS);
      context.fireChannelActive();
      context.pipeline().remove(this);
    }

    private void see() {
      if (!seen.getAndSet(true)) {
        next.run();
      }
    }
  }
}
