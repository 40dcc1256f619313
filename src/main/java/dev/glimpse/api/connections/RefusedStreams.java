package dev.glimpse.api.connections;

import dev.glimpse.api.grpc.GrpcStatus;
import dev.glimpse.api.http.GrpcExchange;
import dev.glimpse.failure.Failure;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Refuses requests of HTTP/2 before anything is done for them. One for which there is no room among
 * {@linkplain OpenStreams all connections} gets a 503; one that its own connection may not send yet
 * is reset as refused, which tells the client to send it again. Either stream is closed at once,
 * without waiting for its body: Vert.x, which does not know it, fails if it finds it among those
 * that are open when the connection breaks. {@link ArrivingFrames} ignores the body. Confined to
 * the connection's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failure closes the connection
final class RefusedStreams extends Http2FrameListenerDecorator {

  private static final String RETRY_SECONDS = "1";
  private static final String DETAIL = "As many HTTP/2 streams are open as may be; try again soon.";

  /** What has to be known of a connection. */
  interface Streams {

    /** Returns whether the connection may have the stream that has begun last. */
    boolean mayHaveOneMore();

    /** Returns whether there is room for it among all connections. */
    boolean haveRoom();

    /** Notes that there is not. */
    void hadNoRoom();
  }

  private final Http2ConnectionEncoder encoder;
  private final Streams streams;
  private final Consumer<RefusedRequest> log;

  /** The stream that has begun last; later headers of others are trailers. */
  private int last;

  /**
   * Creates it.
   *
   * @param next receives the frames of the others
   * @param log receives each request that is answered with a 503
   */
  RefusedStreams(
      Http2FrameListener next,
      Http2ConnectionEncoder encoder,
      Streams streams,
      Consumer<RefusedRequest> log) {
    super(next);
    this.encoder = encoder;
    this.streams = streams;
    this.log = log;
    liftBoundOfNetty();
  }

  /** Netty takes what else arrives of a stream that it refuses for an error of the connection. */
  private void liftBoundOfNetty() {
    encoder.connection().remote().maxActiveStreams(Integer.MAX_VALUE);
  }

  @Override
  public void onSettingsAckRead(ChannelHandlerContext context) throws Http2Exception {
    liftBoundOfNetty(); // which is what the client has been told, from now on
    super.onSettingsAckRead(context);
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext context, int stream, Http2Headers headers, int padding, boolean end)
      throws Http2Exception {
    if (!refuse(context, stream, headers, end)) {
      super.onHeadersRead(context, stream, headers, padding, end);
    }
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext context,
      int stream,
      Http2Headers headers,
      int dependency,
      short weight,
      boolean exclusive,
      int padding,
      boolean end)
      throws Http2Exception {
    if (!refuse(context, stream, headers, end)) {
      super.onHeadersRead(context, stream, headers, dependency, weight, exclusive, padding, end);
    }
  }

  private boolean refuse(ChannelHandlerContext context, int id, Http2Headers headers, boolean end)
      throws Http2Exception {
    if (id <= last) {
      return false;
    }
    last = id;
    boolean allowed = streams.mayHaveOneMore();
    if (allowed && streams.haveRoom()) {
      return false;
    }
    Http2Stream stream = Objects.requireNonNull(encoder.connection().stream(id)); // just begun
    if (!allowed) {
      end(context, stream, Http2Error.REFUSED_STREAM);
      return true;
    }
    streams.hadNoRoom();
    answer(context, stream, headers);
    if (encoder.flowController().hasFlowControlled(stream)) {
      end(context, stream, Http2Error.REFUSED_STREAM);
    } else if (end) {
      stream.close();
    } else {
      end(context, stream, Http2Error.NO_ERROR);
    }
    return true;
  }

  /**
   * Resets a stream. It is closed first, as the reset may be one too many for its connection, which
   * breaks then.
   */
  private void end(ChannelHandlerContext context, Http2Stream stream, Http2Error error) {
    stream.resetSent();
    stream.close();
    encoder.writeRstStream(context, stream.id(), error.code(), context.newPromise());
  }

  private void answer(ChannelHandlerContext context, Http2Stream stream, Http2Headers headers)
      throws Http2Exception {
    RefusedRequest request = RefusedRequest.of(headers, Failure.OVERLOADED, DETAIL);
    log.accept(request);
    if (GrpcExchange.isType(text(headers.get(HttpHeaderNames.CONTENT_TYPE)))) {
      encoder.writeHeaders(
          context, stream.id(), grpcHead(request.failure()), 0, true, context.newPromise());
      return;
    }
    byte[] body = request.body();
    boolean ofHead = "HEAD".contentEquals(headers.method());
    boolean whole = !ofHead && mayBeSent(context, stream, body.length);
    Http2Headers head =
        new DefaultHttp2Headers(false)
            .status(String.valueOf(request.failure().status()))
            .set(HttpHeaderNames.CONTENT_TYPE, RefusedRequest.TYPE)
            .set(RefusedRequest.ID, request.id())
            .set(HttpHeaderNames.RETRY_AFTER, RETRY_SECONDS)
            .setInt(HttpHeaderNames.CONTENT_LENGTH, whole || ofHead ? body.length : 0);
    encoder.writeHeaders(context, stream.id(), head, 0, !whole, context.newPromise());
    if (whole) {
      encoder.writeData(
          context, stream.id(), Unpooled.wrappedBuffer(body), 0, true, context.newPromise());
      encoder.flowController().writePendingBytes();
    }
  }

  private static @Nullable String text(@Nullable CharSequence value) {
    return value == null ? null : value.toString();
  }

  private static Http2Headers grpcHead(Failure failure) {
    return new DefaultHttp2Headers(false)
        .status(HttpResponseStatus.OK.codeAsText())
        .set(HttpHeaderNames.CONTENT_TYPE, "application/grpc")
        .set("grpc-status", Integer.toString(GrpcStatus.of(failure).code()))
        .set("grpc-message", DETAIL);
  }

  /** Returns whether the client allows so many bytes now: nothing is to wait until it does. */
  private boolean mayBeSent(ChannelHandlerContext context, Http2Stream stream, int bytes) {
    Http2Connection connection = encoder.connection();
    Http2RemoteFlowController windows = encoder.flowController();
    return context.channel().isWritable()
        && windows.windowSize(stream) >= bytes
        && windows.windowSize(connection.connectionStream()) >= bytes;
  }
}
