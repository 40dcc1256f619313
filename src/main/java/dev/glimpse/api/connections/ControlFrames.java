package dev.glimpse.api.connections;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Settings;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Bounds the frames of HTTP/2 that ask for no response but cost the event loop time all the same: a
 * few bytes each, of which some have to be answered; and the {@linkplain SmallFrames small frames}
 * of data that wait. A connection with too many is closed. Cancelled streams and empty data are
 * bounded by Netty. Confined to the connection's event loop.
 */
final class ControlFrames extends Http2FrameListenerDecorator {

  /** More than a client sends that has no request. */
  static final int MOST = 2000;

  /**
   * So many belong to a request: updates of windows, and the ping by which gRPC's clients measure
   * the bandwidth with each response.
   */
  static final int OF_A_REQUEST = 10;

  private static final long PERIOD = TimeUnit.SECONDS.toNanos(10);

  private final SmallFrames data;
  private final LongSupplier clock;
  private long periodBegan;
  private int frames;

  /**
   * Creates a bound.
   *
   * @param next receives the frames
   * @param data bounds the frames of data
   * @param clock in nanoseconds
   */
  ControlFrames(Http2FrameListener next, SmallFrames data, LongSupplier clock) {
    super(next);
    this.data = data;
    this.clock = clock;
    this.periodBegan = clock.getAsLong();
  }

  /** Notes that a request has begun. */
  void streamBegun() {
    frames = Math.max(0, frames - OF_A_REQUEST);
  }

  /** Notes that a stream has been closed. */
  void streamClosed(int stream) {
    data.closed(stream);
  }

  @Override
  public int onDataRead(
      ChannelHandlerContext context, int stream, ByteBuf content, int padding, boolean last)
      throws Http2Exception {
    int bytes = content.readableBytes();
    data.add(stream, bytes + padding, bytes < SmallFrames.SMALL_BYTES && !last);
    return super.onDataRead(context, stream, content, padding, last);
  }

  /**
   * Counts a frame.
   *
   * @throws Http2Exception ENHANCE_YOUR_CALM, of the connection, if there are too many
   */
  void count() throws Http2Exception {
    long now = clock.getAsLong();
    if (now - periodBegan >= PERIOD) {
      periodBegan = now;
      frames = 0;
    }
    frames++;
    if (frames > MOST) {
      throw Http2Exception.connectionError(
          Http2Error.ENHANCE_YOUR_CALM,
          "More than %d control frames in ten seconds, beside those of requests",
          MOST);
    }
  }

  @Override
  public void onPingRead(ChannelHandlerContext context, long data) throws Http2Exception {
    count();
    super.onPingRead(context, data);
  }

  @Override
  public void onSettingsRead(ChannelHandlerContext context, Http2Settings settings)
      throws Http2Exception {
    count();
    super.onSettingsRead(context, settings);
  }

  @Override
  public void onPriorityRead(
      ChannelHandlerContext context, int stream, int dependency, short weight, boolean exclusive)
      throws Http2Exception {
    count();
    super.onPriorityRead(context, stream, dependency, weight, exclusive);
  }

  @Override
  public void onWindowUpdateRead(ChannelHandlerContext context, int stream, int increment)
      throws Http2Exception {
    count();
    super.onWindowUpdateRead(context, stream, increment);
  }

  @Override
  public void onUnknownFrame(
      ChannelHandlerContext context, byte type, int stream, Http2Flags flags, ByteBuf payload)
      throws Http2Exception {
    count();
    super.onUnknownFrame(context, type, stream, flags, payload);
  }
}
