package dev.glimpse.api.connections;

import dev.glimpse.api.http.BodyLoan;
import dev.glimpse.api.http.RequestLog;
import dev.glimpse.failure.Failure;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.util.ReferenceCountUtil;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Guards HTTP/1: refuses requests that are not valid, lets the decoder go on only while the client
 * reads the responses, and closes connections whose clients send too much {@linkplain UnusedBody
 * after a response}. Confined to the connection's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failure closes the connection
final class Http1Guard extends ChannelDuplexHandler implements ReadPause.Holder {

  /** One that is being answered, and one that has arrived meanwhile. */
  private static final int MOST_REQUESTS = 2;

  private final ConnectionGuard connection;
  private final HttpRequestDecoder decoder;
  private final BodyLoan loan;
  private final PipelinedRequests requests;
  private final UnusedBody unused;
  private final LastResponse last;
  private boolean writable = true;
  private int unanswered;
  private boolean receiving;
  private boolean responding;
  private @Nullable HttpRequest request;

  Http1Guard(ConnectionGuard connection, HttpRequestDecoder decoder, ConnectionLimits limits) {
    this.connection = connection;
    this.decoder = decoder;
    this.loan = connection.bodyLoan();
    this.requests = new PipelinedRequests(loan);
    this.unused = new UnusedBody(limits);
    this.last = new LastResponse(new End(), decoder, requests);
  }

  /** Returns whether the next byte begins a request. */
  boolean isBetweenRequests() {
    return unanswered == 0 && !receiving;
  }

  /** Returns whether a request has arrived that is not answered yet. */
  boolean isWorking() {
    return unanswered > (receiving ? 1 : 0);
  }

  @Override
  public boolean holds() {
    return !last.isRefusal() && (unanswered >= MOST_REQUESTS || !writable);
  }

  @Override
  public boolean release() {
    boolean stopped = decoder.isSingleDecode();
    decoder.setSingleDecode(false);
    return stopped;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpContent part && !loan.isOpen()) {
      BodyParts.cut(part, smaller -> read(context, smaller));
    } else {
      read(context, message);
    }
  }

  private void read(ChannelHandlerContext context, Object message) {
    if (last.endsReading() || !accept(context, message)) {
      ReferenceCountUtil.release(message);
      return;
    }
    requests.read(context, message);
    last.endIfWritten(receiving);
    writable = context.channel().isWritable();
    decoder.setSingleDecode(holds());
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    requests.discard();
    context.fireChannelInactive();
  }

  private boolean accept(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpRequest begun) {
      request = begun;
      Optional<RefusedRequest> fault = RequestHead.fault(begun);
      if (fault.isPresent()) {
        connection.log(fault.get());
        last.refuse(fault.get(), unanswered, responding);
        return false;
      }
      ignoreUpgrade(begun);
      unanswered++;
      receiving = true;
      unused.requestBegun(begun.method());
      connection.reads().requestBegun(HttpUtil.getContentLength(begun, 0L));
      connection.busy();
    } else if (message instanceof HttpContent content) {
      if (content.decoderResult().isFailure()) {
        refuseBody(context);
        return false;
      }
      connection.reads().bodyArrived(content.content().readableBytes());
      ignore(content);
    }
    return true;
  }

  private void refuseBody(ChannelHandlerContext context) {
    RefusedRequest why =
        RefusedRequest.of(
            request,
            Failure.MALFORMED_REQUEST,
            "The body is not valid: its chunks cannot be read.");
    if (requests.hasWaiting()) {
      connection.log(why);
    } else {
      RequestLog.refused(context.channel()); // the request is logged and counted when it ends
    }
    last.refuse(why, unanswered - 1, responding);
  }

  /** HTTP/2 is spoken with prior knowledge only; RFC 9113 has no upgrade any more. */
  private static void ignoreUpgrade(HttpRequest request) {
    if (request
        .headers()
        .contains(HttpHeaderNames.UPGRADE, Http2CodecUtil.HTTP_UPGRADE_PROTOCOL_NAME, true)) {
      request.headers().remove(HttpHeaderNames.UPGRADE);
      request.headers().remove(Http2CodecUtil.HTTP_UPGRADE_SETTINGS_HEADER);
    }
  }

  /** Bounds what is left of a body when its request has been answered. */
  private void ignore(HttpContent content) {
    if (content instanceof LastHttpContent) {
      receiving = false;
      connection.reads().requestEnded();
      unused.ended();
    } else if (unanswered == 0 && unused.exceeds(content.content().readableBytes())) {
      closeForUnused();
    }
  }

  void check() {
    if (unused.isLate()) {
      closeForUnused();
    }
  }

  private void closeForUnused() {
    connection.close("its client went on sending a body after the response");
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    writable = context.channel().isWritable();
    context.fireChannelWritabilityChanged();
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (last.isWritten()) {
      ReferenceCountUtil.release(message); // the connection has had its last response
      promise.trySuccess();
      return;
    }
    if (message instanceof HttpResponse response
        && response.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
      context.write(message, promise);
      return;
    }
    if (message instanceof HttpResponse response && !HttpUtil.isKeepAlive(response)) {
      requests.endWithThis();
    }
    responding = !(message instanceof LastHttpContent);
    context.write(message, promise);
    if (!responding) {
      answered(context);
    }
  }

  private void answered(ChannelHandlerContext context) {
    unanswered--;
    requests.answered();
    if (requests.hasWaiting()) {
      context.executor().execute(() -> requests.passOnNext(context)); // Vert.x is not ready yet
    }
    if (unanswered == 0) {
      connection.idle();
      if (receiving) {
        unused.begun();
      }
    }
    connection.resume();
    last.answered();
    last.endIfWritten(receiving);
  }

  /** Is how this connection ends. */
  private final class End implements LastResponse.Connection {

    @Override
    public void endWith(ByteBuf response) {
      connection.endWith(connection.contextOf(decoder), response);
    }

    @Override
    public void close(String reason) {
      connection.close(reason);
    }
  }
}
