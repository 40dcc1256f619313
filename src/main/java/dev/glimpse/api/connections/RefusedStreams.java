package dev.glimpse.api.connections;

import dev.glimpse.failure.Failure;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Refuses requests of HTTP/2 before anything is done for them, and ignores their bodies. One for
 * which there is no room among {@linkplain OpenStreams all connections} gets a 503; one that its
 * own connection may not send yet is reset as refused, which tells the client to send it again.
 * Netty's own bound would take a body that follows for an error of the connection. Confined to the
 * connection's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failure closes the connection
final class RefusedStreams extends Http2FrameListenerDecorator {

  private static final String RETRY_SECONDS = "1";

  /** What has to be known of a connection. */
  interface Streams {

    /** Returns whether the connection may have the stream that has begun last. */
    boolean mayHaveOneMore();

    /** Returns whether there is room for it among all connections. */
    boolean haveRoom();

    /** Notes that it does not, and counts no longer. */
    void refused();
  }

  private final Http2ConnectionEncoder encoder;
  private final Streams streams;
  private final Consumer<RefusedRequest> log;

  /** Those that are open. */
  private final Set<Integer> refused = new HashSet<>();

  /** The stream that has begun last; later headers of others are trailers. */
  private int last;

  /**
   * Creates it.
   *
   * @param next receives the frames of the others
   * @param log receives each request that is refused
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
    this.last = encoder.connection().remote().lastStreamCreated();
  }

  /** Forgets a stream that has been closed; returns whether it was refused. */
  boolean closed(int stream) {
    return refused.remove(stream);
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext context, int stream, Http2Headers headers, int padding, boolean end)
      throws Http2Exception {
    if (!refuse(context, stream, headers)) {
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
    if (!refuse(context, stream, headers)) {
      super.onHeadersRead(context, stream, headers, dependency, weight, exclusive, padding, end);
    }
  }

  private boolean refuse(ChannelHandlerContext context, int stream, Http2Headers headers) {
    if (stream > last) {
      last = stream;
      if (!streams.mayHaveOneMore()) {
        reset(context, stream);
        return true;
      }
      if (!streams.haveRoom()) {
        refused.add(stream);
        streams.refused();
        answer(context, stream, headers);
      }
    }
    return refused.contains(stream);
  }

  private void reset(ChannelHandlerContext context, int stream) {
    refused.add(stream);
    streams.refused();
    encoder.writeRstStream(context, stream, Http2Error.REFUSED_STREAM.code(), context.newPromise());
  }

  private void answer(ChannelHandlerContext context, int stream, Http2Headers headers) {
    RefusedRequest request =
        RefusedRequest.of(
            headers,
            Failure.OVERLOADED,
            "As many HTTP/2 streams are open as may be; try again soon.");
    log.accept(request);
    byte[] body = request.body();
    boolean ofHead = "HEAD".contentEquals(headers.method());
    boolean whole = !ofHead && mayBeSent(stream, body.length);
    Http2Headers head =
        new DefaultHttp2Headers(false)
            .status(String.valueOf(request.failure().status()))
            .set(HttpHeaderNames.CONTENT_TYPE, RefusedRequest.TYPE)
            .set(RefusedRequest.ID, request.id())
            .set(HttpHeaderNames.RETRY_AFTER, RETRY_SECONDS)
            .setInt(HttpHeaderNames.CONTENT_LENGTH, whole || ofHead ? body.length : 0);
    encoder.writeHeaders(context, stream, head, 0, !whole, context.newPromise());
    if (whole) {
      encoder.writeData(
          context, stream, Unpooled.wrappedBuffer(body), 0, true, context.newPromise());
    }
  }

  /** Returns whether the client allows so many bytes now: nothing is to wait until it does. */
  private boolean mayBeSent(int stream, int bytes) {
    Http2Connection connection = encoder.connection();
    Http2RemoteFlowController windows = encoder.flowController();
    return windows.windowSize(connection.stream(stream)) >= bytes
        && windows.windowSize(connection.connectionStream()) >= bytes;
  }

  @Override
  public int onDataRead(
      ChannelHandlerContext context, int stream, ByteBuf content, int padding, boolean last)
      throws Http2Exception {
    return refused.contains(stream)
        ? content.readableBytes() + padding
        : super.onDataRead(context, stream, content, padding, last);
  }

  @Override
  public void onRstStreamRead(ChannelHandlerContext context, int stream, long error)
      throws Http2Exception {
    if (!refused.contains(stream)) {
      super.onRstStreamRead(context, stream, error);
    }
  }
}
