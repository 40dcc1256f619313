package dev.glimpse.api.connections;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Guards one connection, between the socket and Vert.x: it finds out which protocol is spoken and
 * adds the guard of that protocol, closes the connection when it makes no progress, and reads
 * nothing from a client that does not read. Confined to the connection's event loop, except where a
 * method says otherwise.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failure closes the connection
final class ConnectionGuard extends ChannelDuplexHandler {

  static final AttributeKey<ConnectionGuard> KEY = AttributeKey.valueOf("glimpse.connection");

  /** No time. */
  static final long NEVER = Long.MIN_VALUE;

  private static final int CHECK_MILLIS = 500;

  /** How long a client may go on sending after its connection has been given up. */
  private static final int LINGER_MILLIS = 1000;

  /** Netty counts this much for each buffer besides its bytes. */
  private static final int BUFFER_OVERHEAD = 96;

  private final Channel channel;
  private final OpenConnections connections;
  private final ConnectionLimits limits;
  private final ProtocolPreface preface = new ProtocolPreface();
  private @Nullable Http1Guard http1;
  private @Nullable Http2Guard http2;
  private @Nullable ChannelHandlerContext context;
  private volatile long idleSince = NEVER;
  private volatile long stalledSince = NEVER;
  private long headSince = NEVER;
  private long written;
  private long sentBefore;
  private long unread;
  private boolean suspended;
  private boolean resuming;
  private boolean discarding;

  ConnectionGuard(Channel channel, OpenConnections connections) {
    this.channel = channel;
    this.connections = connections;
    this.limits = connections.limits();
  }

  /** Runs something when the connection is closed. Any thread may call it. */
  void onClose(Runnable task) {
    channel.closeFuture().addListener(closed -> task.run());
  }

  /** Returns since when there is no request; NEVER if there is one. Any thread may call it. */
  long idleSince() {
    return idleSince;
  }

  /** Returns since when no response byte has been read; NEVER if all are. Any thread may. */
  long stalledSince() {
    return stalledSince;
  }

  /** Closes the connection without further ado. Any thread may call it. */
  void close(String reason) {
    if (channel.isOpen()) {
      connections.logClosed(reason);
      channel.eventLoop().execute(this::closeNow);
    }
  }

  /** Closes the socket itself: HTTP/2 would first wait for the streams that are open. */
  private void closeNow() {
    channel.unsafe().close(channel.unsafe().voidPromise());
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    this.context = context;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    idle();
    channel.eventLoop().schedule(this::check, CHECK_MILLIS, TimeUnit.MILLISECONDS);
    onClose(() -> connections.unread(-unread));
    context.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (discarding) {
      ReferenceCountUtil.release(message);
      return;
    }
    if (headSince == NEVER && http2 == null && (http1 == null || http1.isBetweenRequests())) {
      headSince = System.nanoTime();
    }
    if (http1 == null && http2 == null) {
      recognize(context, message);
    } else {
      context.fireChannelRead(message);
    }
  }

  /** Adds the protocol's guard before any request of the connection is read. */
  private void recognize(ChannelHandlerContext context, Object message) {
    if (message instanceof ByteBuf bytes && context.pipeline().get(SslHandler.class) == null) {
      int decisive = preface.decisive(bytes);
      if (decisive < bytes.readableBytes()) {
        context.fireChannelRead(bytes.readRetainedSlice(decisive));
        addProtocol(context);
        context.fireChannelRead(bytes);
        return;
      }
    }
    context.fireChannelRead(message);
    addProtocol(context);
  }

  private void addProtocol(ChannelHandlerContext context) {
    Http2ConnectionHandler frames = context.pipeline().get(Http2ConnectionHandler.class);
    if (frames != null) {
      http2 = new Http2Guard(this, frames, limits);
      headSince = NEVER;
      return;
    }
    HttpRequestDecoder decoder = context.pipeline().get(HttpRequestDecoder.class);
    if (decoder != null) {
      http1 = new Http1Guard(this, decoder, limits);
      context.pipeline().addAfter("httpEncoder", "glimpse.http1", http1);
    }
  }

  /** Counts a response of HTTP/2. Any thread may call it. */
  void answeredStream(int streamId, long bytes) {
    channel
        .eventLoop()
        .execute(() -> {
          if (http2 != null) {
            http2.answered(streamId, bytes);
          }
        });
  }

  /** Returns the context of another handler of this connection. */
  ChannelHandlerContext contextOf(ChannelHandler handler) {
    return channel.pipeline().context(handler);
  }

  void busy() {
    idleSince = NEVER;
    headSince = NEVER;
  }

  void idle() {
    idleSince = System.nanoTime();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    context.fireChannelReadComplete();
    if (http1 != null && http1.holds() && channel.config().isAutoRead()) {
      suspended = true;
      channel.config().setAutoRead(false);
    }
  }

  /** Vert.x reads on when it has room again, which does not mean that the client reads. */
  @Override
  public void read(ChannelHandlerContext context) {
    if (!suspended) {
      context.read();
    } else if (channel.config().isAutoRead()) {
      channel.config().setAutoRead(false);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    context.fireChannelWritabilityChanged();
    account();
    resume();
  }

  /** Reads on, if nothing is in the way any more; not at once, as the decoder may be running. */
  void resume() {
    if (!resuming) {
      resuming = true;
      channel.eventLoop().execute(this::resumeNow);
    }
  }

  private void resumeNow() {
    resuming = false;
    if (http1 == null || http1.holds() || !channel.isActive()) {
      return;
    }
    if (http1.release() && context != null) {
      context.fireChannelRead(Unpooled.EMPTY_BUFFER); // the decoder has more
      context.fireChannelReadComplete();
    }
    if (suspended && !http1.holds()) {
      suspended = false;
      channel.config().setAutoRead(true);
    }
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (message instanceof ByteBuf bytes) {
      written += bytes.readableBytes() + BUFFER_OVERHEAD;
    }
    context.write(message, promise);
  }

  @Override
  public void flush(ChannelHandlerContext context) {
    context.flush();
    account();
  }

  /** Counts what the client has not read, and notes whether it has read anything. */
  void account() {
    ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
    long queued = queue == null ? 0 : queue.totalPendingWriteBytes();
    long sent = written - queued;
    long now = queued + (http2 == null ? 0 : http2.unread());
    if (now == 0) {
      stalledSince = NEVER;
    } else if (sent > sentBefore || stalledSince == NEVER) {
      stalledSince = System.nanoTime();
    }
    sentBefore = Math.max(sentBefore, sent);
    if (channel.isOpen() && now != unread) {
      long change = now - unread;
      unread = now;
      connections.unread(change);
    }
  }

  private void check() {
    if (!channel.isActive()) {
      return;
    }
    account();
    if (isOver(stalledSince, limits.writeNanos())) {
      close("its client read no response for glimpse.http.write-timeout");
    } else if (isOver(headSince, limits.headerNanos())) {
      close("the head of its request took longer than glimpse.http.header-timeout");
    } else if (isOver(idleSince, limits.idleNanos())) {
      closeNow(); // which is normal, and not logged
    } else {
      if (http2 != null) {
        http2.check();
      }
      if (http1 != null) {
        http1.check();
      }
      channel.eventLoop().schedule(this::check, CHECK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private static boolean isOver(long since, long nanos) {
    return since != NEVER && System.nanoTime() - since > nanos;
  }

  /** Logs and counts a request that reaches no endpoint. */
  void log(RefusedRequest refused) {
    connections.log(refused);
  }

  /** Writes a last response, takes no more requests, and closes when the client has read it. */
  void endWith(ByteBuf response) {
    discarding = true;
    if (context != null) {
      context.writeAndFlush(response).addListener(written -> linger());
    }
  }

  /** Ignores what the client still sends: closing at once could take the response away from it. */
  private void linger() {
    if (channel instanceof DuplexChannel duplex) {
      duplex.shutdownOutput();
    }
    suspended = false;
    channel.config().setAutoRead(true);
    channel.eventLoop().schedule(this::closeNow, LINGER_MILLIS, TimeUnit.MILLISECONDS);
  }
}
