package dev.glimpse.api.connections;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Guards HTTP/2: bounds the streams from the first one, where the protocol lets a client open any
 * number until it has acknowledged the limit; bounds {@linkplain ControlFrames what else} it sends;
 * counts the responses that wait until the client allows more bytes; and takes no further stream
 * while there are too many of those. Confined to the connection's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failure closes the connection
final class Http2Guard extends Http2ConnectionAdapter implements ArrivingFrames.Listener {

  /** Longer than a client takes to learn that it has been answered. */
  private static final long UNENDED_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final ConnectionGuard connection;
  private final Http2ConnectionHandler handler;
  private final ConnectionLimits limits;
  private final OpenStreams all;
  private final Map<Integer, Long> unreadByStream = new HashMap<>();
  private final Map<Integer, Long> answeredSince = new HashMap<>();

  private final ResetStreams reset;

  /** The streams whose requests have arrived and are not answered yet. */
  private final Set<Integer> working = new HashSet<>();

  private long unread;

  /** How many streams this connection has counted among all. */
  private int counted;

  /** Null until the client's settings have been read. */
  private @Nullable ControlFrames controlFrames;

  Http2Guard(
      ConnectionGuard connection,
      Http2ConnectionHandler handler,
      ConnectionLimits limits,
      OpenStreams all) {
    this.connection = connection;
    this.handler = handler;
    this.limits = limits;
    this.all = all;
    this.reset = new ResetStreams(limits.streams());
    handler.connection().addListener(this);
  }

  /** Vert.x replaces what listens to frames when it has read the client's first settings. */
  @Override
  public void settingsDecoded() {
    Http2ConnectionDecoder decoder = handler.decoder();
    if (decoder.prefaceReceived()) {
      controlFrames =
          new ControlFrames(
              decoder.frameListener(), new SmallFrames(this::unreadBytes), System::nanoTime);
      decoder.frameListener(
          new RefusedStreams(controlFrames, handler.encoder(), new Room(), connection::log));
      connection.headEnded();
    }
  }

  @Override
  public void frameWaits() {
    connection.headBegins();
  }

  @Override
  public void frameArrived() {
    connection.headEnded();
  }

  @Override
  public ArrivingFrames.Use use(int streamId) {
    Http2Stream stream = handler.connection().stream(streamId);
    if (stream == null ? reset.contains(streamId) : stream.isResetSent()) {
      return ArrivingFrames.Use.IGNORE;
    }
    return stream == null ? ArrivingFrames.Use.UNKNOWN : ArrivingFrames.Use.DECODE;
  }

  /** Gives the client's window of the connection back. */
  @Override
  public void ignored(int bytes) {
    try {
      if (controlFrames != null && bytes < SmallFrames.SMALL_BYTES) {
        controlFrames.count();
      }
      handler
          .connection()
          .local()
          .flowController()
          .receiveFlowControlledFrame(null, Unpooled.EMPTY_BUFFER, bytes, false);
    } catch (Http2Exception e) {
      handler.onError(connection.contextOf(handler), false, e);
    }
  }

  /** Returns whether the client's settings have been read, which it sends before any request. */
  boolean hasBegun() {
    return controlFrames != null;
  }

  /** Returns how many bytes of a stream have arrived and not been read. */
  private int unreadBytes(int streamId) {
    Http2Stream stream = handler.connection().stream(streamId);
    return stream == null
        ? 0
        : handler.connection().local().flowController().unconsumedBytes(stream);
  }

  private void uncount() {
    if (counted > 0) {
      counted--;
      all.ended(1);
    }
  }

  /** Is the room that there is for this connection's streams. */
  private final class Room implements RefusedStreams.Streams {

    @Override
    public boolean haveRoom() {
      return connection.allowsStream(counted);
    }

    @Override
    public boolean mayHaveOneMore() {
      return counted <= limits.streams() && unread <= limits.unreadBytesOfOne();
    }

    @Override
    public void hadNoRoom() {
      connection.logManyStreams();
    }
  }

  /** Forgets the streams of a connection that is closed. */
  void forget() {
    all.ended(counted);
    counted = 0;
  }

  /** Returns how many bytes of responses wait for the client to allow them. */
  long unread() {
    return unread;
  }

  /** Returns whether a request has arrived that is not answered yet. */
  boolean isWorking() {
    return !working.isEmpty();
  }

  @Override
  public void onStreamActive(Http2Stream stream) {
    connection.streamBegun();
    all.begun();
    counted++;
    if (controlFrames != null) {
      controlFrames.streamBegun();
    }
    onStreamHalfClosed(stream);
    boundHeaderTable();
  }

  @Override
  public void onStreamHalfClosed(Http2Stream stream) {
    if (stream.state() == Http2Stream.State.HALF_CLOSED_REMOTE) {
      working.add(stream.id());
    }
  }

  /**
   * Takes no more memory for headers that were sent than by default, whatever the client allows:
   * each response may add one, such as its request's id.
   */
  private void boundHeaderTable() {
    var headers = handler.encoder().configuration().headersConfiguration();
    try {
      if (headers.maxHeaderTableSize() > Http2CodecUtil.DEFAULT_HEADER_TABLE_SIZE) {
        headers.maxHeaderTableSize(Http2CodecUtil.DEFAULT_HEADER_TABLE_SIZE);
      }
    } catch (Http2Exception e) {
      connection.close("its table of headers cannot be bounded");
    }
  }

  @Override
  public void onStreamClosed(Http2Stream stream) {
    if (controlFrames != null) {
      controlFrames.streamClosed(stream.id());
    }
    if (stream.isResetSent()) {
      reset.add(stream.id());
    }
    uncount();
    answeredSince.remove(stream.id());
    working.remove(stream.id());
    Long read = unreadByStream.remove(stream.id());
    if (read != null) {
      unread -= read;
      connection.account();
    }
    if (handler.connection().numActiveStreams() == 0) {
      connection.idle();
    }
  }

  /** Counts a response, if any of it waits for the client. */
  void answered(int streamId, long bytes) {
    Http2Stream stream = handler.connection().stream(streamId);
    if (stream == null || !handler.encoder().flowController().hasFlowControlled(stream)) {
      return;
    }
    unreadByStream.put(streamId, bytes);
    unread += bytes;
    connection.account();
  }

  /** Resets streams whose clients go on sending a body after the response. */
  void check() {
    Http2Connection streams = handler.connection();
    try {
      streams.forEachActiveStream(this::checkStream);
    } catch (Http2Exception e) {
      connection.close("its streams cannot be reset");
    }
  }

  /**
   * Returns how long a stream may stay open that was answered before its body had arrived: not for
   * long where its place is needed.
   */
  private long longestUnended() {
    return all.isFull() ? Math.min(UNENDED_NANOS, limits.writeNanos()) : limits.writeNanos();
  }

  private boolean checkStream(Http2Stream stream) {
    if (stream.state() == Http2Stream.State.HALF_CLOSED_LOCAL) {
      long now = System.nanoTime();
      Long since = answeredSince.putIfAbsent(stream.id(), now);
      if (since != null && now - since > longestUnended()) {
        ChannelHandlerContext context = connection.contextOf(handler);
        handler.resetStream(context, stream.id(), Http2Error.NO_ERROR.code(), context.newPromise());
        context.flush();
      }
    }
    return true;
  }
}
