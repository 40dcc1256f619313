package dev.glimpse.api.connections;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;

/**
 * Finds out which protocol a connection speaks, adds the guard of that protocol before any request
 * is read, and removes itself. Vert.x chooses the protocol: by TLS's negotiation, or else by the
 * first bytes. Confined to the connection's event loop.
 */
final class ProtocolDetector extends ChannelInboundHandlerAdapter {

  /** Vert.x's handler of the end of TLS's handshake, which stands behind TLS itself. */
  private static final String HANDSHAKE = "handshaker";

  private static final String NAME = "glimpse.protocol";

  /** Receives what is found out. */
  interface Listener {

    /** Notes that HTTP/1 is spoken. */
    void speakHttp1(HttpRequestDecoder decoder);

    /** Notes that HTTP/2 is spoken. */
    void speakHttp2(Http2ConnectionHandler frames);

    /** Closes the connection, which speaks neither. */
    void refuseProtocol();

    /** Starts the time that the head of a request may take, unless it runs or a request does. */
    void bytesArrived();

    /** Stops the time that the head of a request may take. */
    void headEnded();
  }

  private final Listener connection;
  private final ProtocolPreface preface = new ProtocolPreface();

  private ProtocolDetector(Listener connection) {
    this.connection = connection;
  }

  /**
   * Adds a detector to a connection that has just been opened, behind TLS if it has that.
   *
   * @param before the handler that receives the bytes first
   */
  static void add(Listener connection, ChannelHandlerContext before) {
    ProtocolDetector detector = new ProtocolDetector(connection);
    ChannelPipeline pipeline = before.pipeline();
    if (pipeline.get(HANDSHAKE) != null) {
      pipeline.addBefore(HANDSHAKE, NAME, detector);
    } else {
      pipeline.addAfter(before.name(), NAME, detector);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    connection.bytesArrived(); // those after the end of TLS's handshake may come together with it
    if (!addGuard(context) && message instanceof ByteBuf bytes) {
      int decisive = preface.decisive(bytes);
      if (preface.isBroken()) { // Vert.x would answer it as a request before there is a guard
        bytes.release();
        connection.refuseProtocol();
        return;
      }
      if (decisive < bytes.readableBytes()) {
        context.fireChannelRead(bytes.readRetainedSlice(decisive));
        addGuard(context);
      }
    }
    context.fireChannelRead(message);
    addGuard(context);
  }

  /** The time for a request's head does not begin with the handshake. */
  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent) {
      connection.headEnded();
    }
    context.fireUserEventTriggered(event);
  }

  /** Adds the guard, once the protocol is known; returns whether it is there. */
  private boolean addGuard(ChannelHandlerContext context) {
    if (context.isRemoved()) {
      return true;
    }
    ChannelPipeline pipeline = context.pipeline();
    Http2ConnectionHandler frames = pipeline.get(Http2ConnectionHandler.class);
    HttpRequestDecoder decoder = pipeline.get(HttpRequestDecoder.class);
    if (frames != null) {
      connection.speakHttp2(frames);
    } else if (decoder != null) {
      connection.speakHttp1(decoder);
    } else {
      return false;
    }
    pipeline.remove(this);
    return true;
  }
}
