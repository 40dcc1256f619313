package dev.glimpse.api.connections;

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
import org.jspecify.annotations.Nullable;

/**
 * Guards HTTP/2: bounds the streams from the first one, where the protocol lets a client open any
 * number until it has acknowledged the limit; bounds {@linkplain ControlFrames what else} it sends;
 * counts the responses that wait until the client allows more bytes; and takes no further stream
 * while there are too many of those. Confined to the connection's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failure closes the connection
final class Http2Guard extends Http2ConnectionAdapter {

  private final ConnectionGuard connection;
  private final Http2ConnectionHandler handler;
  private final ConnectionLimits limits;
  private final Map<Integer, Long> unreadByStream = new HashMap<>();
  private final Map<Integer, Long> answeredSince = new HashMap<>();

  /** The streams whose requests have arrived and are not answered yet. */
  private final Set<Integer> working = new HashSet<>();

  private long unread;

  /** Null until the client's settings have been read. */
  private @Nullable ControlFrames controlFrames;

  Http2Guard(ConnectionGuard connection, Http2ConnectionHandler handler, ConnectionLimits limits) {
    this.connection = connection;
    this.handler = handler;
    this.limits = limits;
    handler.connection().addListener(this);
    limitStreams(limits.streams());
  }

  /**
   * Notes that something was read. Vert.x replaces what listens to frames when it has read the
   * client's first settings.
   */
  void read() {
    Http2ConnectionDecoder decoder = handler.decoder();
    if (controlFrames == null && decoder.prefaceReceived()) {
      controlFrames =
          new ControlFrames(
              decoder.frameListener(), new SmallFrames(this::unreadBytes), System::nanoTime);
      decoder.frameListener(controlFrames);
      connection.headEnded();
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

  private void limitStreams(int streams) {
    handler.connection().remote().maxActiveStreams(streams);
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
    answeredSince.remove(stream.id());
    working.remove(stream.id());
    Long read = unreadByStream.remove(stream.id());
    if (read != null) {
      unread -= read;
      if (unread <= limits.unreadBytesOfOne()) {
        limitStreams(limits.streams());
      }
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
    if (unread > limits.unreadBytesOfOne()) {
      limitStreams(0); // further ones are reset as refused, which tells the client to try again
    }
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

  private boolean checkStream(Http2Stream stream) {
    if (stream.state() == Http2Stream.State.HALF_CLOSED_LOCAL) {
      long now = System.nanoTime();
      Long since = answeredSince.putIfAbsent(stream.id(), now);
      if (since != null && now - since > limits.writeNanos()) {
        ChannelHandlerContext context = connection.contextOf(handler);
        handler.resetStream(context, stream.id(), Http2Error.NO_ERROR.code(), context.newPromise());
        context.flush();
      }
    }
    return true;
  }
}
