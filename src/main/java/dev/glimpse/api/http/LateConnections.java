package dev.glimpse.api.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Tracks the connections accepted since the shutdown began. Each is closed with its first response,
 * so as long as one is open, its client is about to send a request or waits for the response. Of
 * those accepted before, it knows when the last one was.
 */
@Sharable
final class LateConnections extends ChannelInboundHandlerAdapter {

  private static final long NEVER = Long.MIN_VALUE;

  private final LongSupplier clock;
  private final Set<Channel> open = ConcurrentHashMap.newKeySet();
  private volatile long lastAccepted = NEVER;
  private volatile boolean shutdown;

  /**
   * Creates a record without connections.
   *
   * @param clock in nanoseconds
   */
  LateConnections(LongSupplier clock) {
    this.clock = clock;
  }

  /** Notices every connection that this port accepts from now on. */
  void watch(Channel port) {
    port.pipeline().addFirst(this);
  }

  /** Tracks those that are accepted from now on. */
  void begin() {
    shutdown = true;
  }

  /** Returns whether any is open, or was accepted in the last so many nanoseconds. */
  boolean any(long nanos) {
    open.removeIf(connection -> !connection.isOpen()); // closed before it had an event loop
    long last = lastAccepted;
    return !open.isEmpty() || (last != NEVER && clock.getAsLong() - last < nanos);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object accepted) throws Exception {
    if (accepted instanceof Channel connection) {
      lastAccepted = clock.getAsLong();
      if (shutdown) {
        open.add(connection);
        connection.closeFuture().addListener(closed -> open.remove(connection));
      }
    }
    super.channelRead(context, accepted);
  }
}
