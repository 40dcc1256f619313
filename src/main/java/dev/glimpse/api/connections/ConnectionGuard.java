package dev.glimpse.api.connections;

import dev.glimpse.api.connections.WaitingConnections.Reason;
import dev.glimpse.api.http.BodyLoan;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Guards one connection, between the socket and Vert.x: closes it when it makes no progress, and
 * reads nothing from a client that does not read. Confined to the connection's event loop, except
 * where a method says otherwise.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failure closes the connection
final class ConnectionGuard extends ChannelDuplexHandler implements ProtocolDetector.Listener {

  static final AttributeKey<ConnectionGuard> KEY = AttributeKey.valueOf("glimpse.connection");

  private static final int CHECK_MILLIS = 500;

  private final Channel channel;
  private final OpenConnections connections;
  private final ConnectionLimits limits;
  private final UnreadBytes unread;
  private final ReadPause pause;
  private final PacedReads reads = new PacedReads();
  private @Nullable Http1Guard http1;
  private @Nullable Http2Guard http2;
  private final WaitTimes times;
  private final ConnectionEnd end;
  private @Nullable Future<?> nextCheck;

  ConnectionGuard(Channel channel, OpenConnections connections) {
    this.channel = channel;
    this.connections = connections;
    this.limits = connections.limits();
    this.times = new WaitTimes(limits);
    this.unread = new UnreadBytes(channel, limits, connections::unread, System::nanoTime);
    this.pause = new ReadPause(channel);
    this.end = new ConnectionEnd(channel, connections.log(), pause);
    channel.config().setRecvByteBufAllocator(reads);
  }

  /**
   * Ignores that a response cannot be written whose stream the client has reset meanwhile: Vert.x
   * would close the connection, and with it every other stream.
   */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) throws Exception {
    if (!(cause instanceof Http2Exception.StreamException)) {
      super.exceptionCaught(context, cause);
    }
  }

  /** Runs something when the connection is closed. Any thread may call it. */
  void onClose(Runnable task) {
    channel.closeFuture().addListener(closed -> task.run());
  }

  /** Closes the connection without further ado. Any thread may call it. */
  void close(String reason) {
    end.close(reason);
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    ProtocolDetector.add(this, context);
    nextCheck = scheduleCheck();
    onClose(this::forget);
    context.fireChannelActive();
  }

  private Future<?> scheduleCheck() {
    return channel.eventLoop().schedule(this::check, CHECK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Leaves nothing that refers to this connection, of which a flood makes thousands a second. */
  private void forget() {
    unread.forget();
    if (http2 != null) {
      http2.forget();
    }
    if (nextCheck != null) {
      nextCheck.cancel(false);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (end.hasBegun()) {
      ReferenceCountUtil.release(message);
      return;
    }
    bytesArrived();
    context.fireChannelRead(message);
  }

  @Override
  public void bytesArrived() {
    if (http2 == null ? http1 == null || http1.isBetweenRequests() : !http2.hasBegun()) {
      times.headArrives();
    }
  }

  @Override
  public void refuseProtocol() {
    close("its client sent what is not HTTP");
  }

  @Override
  public void speakHttp1(HttpRequestDecoder decoder) {
    http1 = new Http1Guard(this, decoder, limits);
    channel.pipeline().addAfter("httpEncoder", "glimpse.http1", http1);
    pause.watch(http1);
  }

  @Override
  public void speakHttp2(Http2ConnectionHandler frames) {
    http2 = new Http2Guard(this, frames, limits, connections.streams());
    JoinedFlushes.addBefore(contextOf(frames));
    ArrivingFrames.addBefore(contextOf(frames), http2);
    frames.setCumulator(FrameCumulator.INSTANCE);
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

  /** Notes that a stream has begun. */
  void streamBegun() {
    reads.streamBegun();
    busy();
  }

  /** Returns whether this connection may keep the last of so many streams. */
  boolean allowsStream(int own) {
    return connections.allowsStream(this, own);
  }

  /** Logs that as many streams are open as may be. */
  void logManyStreams() {
    connections.log().manyStreams(limits.allStreams());
  }

  /** Returns what lends the bodies of this connection. */
  BodyLoan bodyLoan() {
    return BodyLoan.of(channel);
  }

  /** Returns what decides how much is read at a time. */
  PacedReads reads() {
    return reads;
  }

  /** Notes that a request has begun. */
  void busy() {
    times.busy();
    progressed();
  }

  /** Notes that no request is left. */
  void idle() {
    times.idle();
    progressed();
  }

  /** Starts the time that the head of a request may take, unless it runs. */
  void headBegins() {
    times.headArrives();
  }

  @Override
  public void headEnded() {
    times.headEnded();
  }

  /** Notes that the client, or the service, has done something for this connection. */
  void progressed() {
    connections.waits(this, waitsFor());
  }

  /** Returns what the client has to do next; null if the service has. */
  private @Nullable Reason waitsFor() {
    if (unread.stalledSince() != ConnectionLimits.NEVER) {
      return Reason.READ_RESPONSE;
    }
    if (http1 != null ? http1.isWorking() : http2 != null && http2.isWorking()) {
      return null;
    }
    return times.isIdle() ? Reason.NEXT_REQUEST : Reason.REST_OF_REQUEST;
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    context.fireChannelReadComplete();
    progressed();
    pause.pauseIfHeld();
  }

  @Override
  public void read(ChannelHandlerContext context) {
    if (pause.allowsReading()) {
      context.read();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    context.fireChannelWritabilityChanged();
    account();
    pause.resumeSoon(context);
  }

  /** Reads on, if nothing is in the way any more. */
  void resume() {
    pause.resumeSoon(channel.pipeline().context(this));
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (message instanceof ByteBuf bytes) {
      unread.written(bytes);
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
    if (unread.update(http2 == null ? 0 : http2.unread())) {
      progressed();
    }
  }

  private void check() {
    if (!channel.isActive()) {
      return;
    }
    account();
    if (unread.isStalled()) {
      close("its client read no response for glimpse.http.write-timeout");
    } else if (unread.isTooSlow()) {
      close("its client read a response more slowly than glimpse.http.min-rate");
    } else if (times.isHeadLate()) {
      close("the head of its request took longer than glimpse.http.header-timeout");
    } else if (times.isIdleTooLong()) {
      end.closeNow(); // which is normal, and not logged
    } else {
      if (http2 != null) {
        http2.check();
      }
      if (http1 != null) {
        http1.check();
      }
      nextCheck = scheduleCheck();
    }
  }

  /** Logs and counts a request that reaches no endpoint. */
  void log(RefusedRequest refused) {
    connections.log(refused);
  }

  /**
   * Writes a last response, takes no more requests, and closes when the client has read it.
   *
   * @param context from which only TLS is still applied
   */
  void endWith(ChannelHandlerContext context, ByteBuf response) {
    end.closeAfter(context, response);
  }
}
