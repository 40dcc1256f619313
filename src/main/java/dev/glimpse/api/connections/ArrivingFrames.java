package dev.glimpse.api.connections;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameTypes;

/**
 * Looks at the heads of HTTP/2's frames before they are decoded: says how long one takes to arrive,
 * and lets no data through of a stream that the service has reset. Netty would reset such a stream
 * again with each frame of data that was on its way, and in the end take that for an attack.
 * Confined to the connection's event loop.
 */
final class ArrivingFrames extends ChannelInboundHandlerAdapter {

  private static final String NAME = "glimpse.frames";
  private static final int HEAD_BYTES = Http2CodecUtil.FRAME_HEADER_LENGTH;

  /** The connection's preface, which is no frame but comes before the first one. */
  private static final int PREFACE = -1;

  private static final int PREFACE_BYTES = Http2CodecUtil.connectionPrefaceBuf().readableBytes();

  /** Where the parts of a head begin, after the length in three bytes. */
  private static final int TYPE = 3;

  private static final int FLAGS = 4;
  private static final int STREAM = 5;

  /** Receives what is found out. */
  interface Listener {

    /** Notes that the first frame, the client's settings, has been decoded. */
    void settingsDecoded();

    /** Notes that a frame that is no data, or the fields of a request, have arrived in part. */
    void frameWaits();

    /** Notes that the rest of it has arrived. */
    void frameArrived();

    /**
     * Says what to do with data of a stream, as far as the frames before have been decoded.
     *
     * @return whether they are to be ignored, or decoded; UNKNOWN if there is no such stream
     */
    Use use(int stream);

    /**
     * Counts a frame of data that is ignored.
     *
     * @param bytes all that it has, its padding included
     */
    void ignored(int bytes);
  }

  /** Is what is done with data. */
  enum Use {
    DECODE,
    IGNORE,
    UNKNOWN
  }

  private final Listener listener;

  /** The head of a frame that has arrived in part; it is not passed on before it is complete. */
  private final ByteBuf head = Unpooled.buffer(HEAD_BYTES, HEAD_BYTES);

  private boolean begun;
  private boolean settingsDecoded;

  /** The type of the frame that is arriving, and how much of it has not. */
  private int type;

  private int rest;
  private boolean ignoring;

  /** Whether more fields of a request follow this frame. */
  private boolean moreFields;

  private boolean waits;

  private ArrivingFrames(Listener listener) {
    this.listener = listener;
  }

  /** Looks from now on at what a handler of HTTP/2 decodes. */
  static void addBefore(ChannelHandlerContext decoder, Listener listener) {
    decoder.pipeline().addBefore(decoder.name(), NAME, new ArrivingFrames(listener));
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!(message instanceof ByteBuf bytes)) {
      context.fireChannelRead(message);
      return;
    }
    int end = bytes.writerIndex();
    int at = bytes.readerIndex();
    if (!begun && at < end) {
      begun = true;
      type = PREFACE;
      rest = bytes.getByte(at) == 'P' ? PREFACE_BYTES : 0; // no frame can be as long
    }
    while (at < end) {
      if (rest > 0) {
        int part = Math.min(rest, end - at);
        rest -= part;
        at += part;
      } else if (head.isReadable() || end - at < HEAD_BYTES) {
        at = gatherHead(context, bytes, at);
      } else {
        begin(context, bytes, at, bytes);
        at += HEAD_BYTES;
      }
      if (ignoring) {
        bytes.readerIndex(at);
      }
      if (rest == 0 && !head.isReadable()) {
        frameArrived(context, bytes, at);
      }
    }
    if (bytes.isReadable()) {
      context.fireChannelRead(bytes);
    } else {
      bytes.release();
    }
    noteWhetherAnyWaits();
  }

  /** Passes on what comes before a frame; what has been ignored is not there any more. */
  private static void passOn(ChannelHandlerContext context, ByteBuf bytes, int before) {
    if (before > bytes.readerIndex()) {
      context.fireChannelRead(bytes.readRetainedSlice(before - bytes.readerIndex()));
    }
  }

  /** Keeps a head that arrives in parts; returns where the bytes go on. */
  private int gatherHead(ChannelHandlerContext context, ByteBuf bytes, int at) {
    passOn(context, bytes, at);
    bytes.readBytes(head, Math.min(head.writableBytes(), bytes.readableBytes()));
    if (!head.isWritable()) {
      begin(context, head, 0, bytes);
      if (!ignoring) {
        context.fireChannelRead(Unpooled.copiedBuffer(head));
      }
      head.clear();
    }
    return bytes.readerIndex();
  }

  /**
   * Begins a frame.
   *
   * @param from what holds its head
   * @param at where its head begins
   * @param bytes hold what comes before it, if that has not been passed on
   */
  private void begin(ChannelHandlerContext context, ByteBuf from, int at, ByteBuf bytes) {
    rest = from.getUnsignedMedium(at);
    type = from.getUnsignedByte(at + TYPE);
    int stream = from.getInt(at + STREAM) & Integer.MAX_VALUE;
    ignoring = false;
    if (type == Http2FrameTypes.DATA) {
      Use use = listener.use(stream);
      if (use == Use.UNKNOWN && bytes.readerIndex() < at) { // its head may be in what comes before
        passOn(context, bytes, at);
        use = listener.use(stream);
      }
      if (use == Use.IGNORE) {
        passOn(context, bytes, at);
        ignoring = true;
        listener.ignored(rest);
      }
    } else if (type == Http2FrameTypes.HEADERS || type == Http2FrameTypes.CONTINUATION) {
      moreFields = !new Http2Flags(from.getUnsignedByte(at + FLAGS)).endOfHeaders();
    }
  }

  private void frameArrived(ChannelHandlerContext context, ByteBuf bytes, int end) {
    ignoring = false;
    if (!settingsDecoded && type != PREFACE) {
      settingsDecoded = true;
      passOn(context, bytes, end);
      listener.settingsDecoded();
    }
    if (waits && !moreFields) {
      waits = false;
      listener.frameArrived();
    }
  }

  private void noteWhetherAnyWaits() {
    boolean inPart = head.isReadable() || moreFields || (rest > 0 && type != Http2FrameTypes.DATA);
    if (inPart && !waits && settingsDecoded) {
      waits = true;
      listener.frameWaits();
    } else if (waits && !inPart) {
      waits = false;
      listener.frameArrived(); // it has become known to be data
    }
  }
}
