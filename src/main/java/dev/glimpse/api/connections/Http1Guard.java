package dev.glimpse.api.connections;

import dev.glimpse.api.http.RequestLog;
import dev.glimpse.failure.Failure;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
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
 * Guards HTTP/1: answers requests that are not valid with a problem, lets the decoder go on only
 * while the client reads the responses, and bounds what arrives after a response. Confined to the
 * connection's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failure closes the connection
final class Http1Guard extends ChannelDuplexHandler implements ReadPause.Holder {

  /** One that is being answered, and one that has arrived meanwhile. */
  private static final int MOST_REQUESTS = 2;

  /** How much of a body may be ignored where a method has none. */
  private static final int UNEXPECTED_BODY_BYTES = 64 << 10;

  private final ConnectionGuard connection;
  private final HttpRequestDecoder decoder;
  private final ConnectionLimits limits;
  private final PipelinedRequests requests = new PipelinedRequests();
  private boolean writable = true;
  private int unanswered;
  private boolean receiving;
  private boolean responding;
  private long unusedBytes;
  private long mostUnused;
  private long unusedSince = ConnectionLimits.NEVER;
  private @Nullable HttpRequest request;
  private @Nullable RefusedRequest refusal;
  private int answersFirst;

  /** Whether the last response has been written, and its request has arrived. */
  private boolean ended;

  Http1Guard(ConnectionGuard connection, HttpRequestDecoder decoder, ConnectionLimits limits) {
    this.connection = connection;
    this.decoder = decoder;
    this.limits = limits;
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
    return refusal == null && (unanswered >= MOST_REQUESTS || !writable);
  }

  @Override
  public boolean release() {
    boolean stopped = decoder.isSingleDecode();
    decoder.setSingleDecode(false);
    return stopped;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (refusal != null || ended || !accept(context, message)) {
      ReferenceCountUtil.release(message);
      return;
    }
    requests.read(context, message);
    endAfterLast();
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
        refuse(fault.get(), unanswered);
        return false;
      }
      ignoreUpgrade(begun);
      unanswered++;
      receiving = true;
      unusedBytes = 0;
      unusedSince = ConnectionLimits.NEVER;
      mostUnused = hasBody(begun.method()) ? limits.unusedBytes() : UNEXPECTED_BODY_BYTES;
      connection.reads().requestBegun(HttpUtil.getContentLength(begun, 0L));
      connection.busy();
    } else if (message instanceof HttpContent content) {
      if (content.decoderResult().isFailure()) {
        refuseBody(context);
        return false;
      }
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
    refuse(why, unanswered - 1);
  }

  private static boolean hasBody(HttpMethod method) {
    return !method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD);
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
      unusedSince = ConnectionLimits.NEVER;
    } else if (unanswered == 0) {
      unusedBytes += content.content().readableBytes();
      if (unusedBytes > mostUnused) {
        connection.close("its client went on sending a body after the response");
      }
    }
  }

  void check() {
    if (unusedSince != ConnectionLimits.NEVER
        && System.nanoTime() - unusedSince > limits.writeNanos()) {
      connection.close("its client went on sending a body after the response");
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    writable = context.channel().isWritable();
    context.fireChannelWritabilityChanged();
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (refusal != null && answersFirst <= 0) {
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
        unusedSince = System.nanoTime();
      }
    }
    connection.resume();
    if (refusal != null && --answersFirst == 0) {
      sendRefusal(refusal);
    }
    endAfterLast();
  }

  /**
   * Closes the connection when its last response has been written, and its request has arrived: the
   * client reads the response, however much of a body it sends before.
   */
  private void endAfterLast() {
    boolean arrived = !receiving || requests.hasWaiting();
    if (refusal == null && !ended && requests.hasEnded() && arrived) {
      ended = true;
      requests.discard();
      connection.endWith(connection.contextOf(decoder), Unpooled.EMPTY_BUFFER);
    }
  }

  /**
   * Takes no further request, and answers this one with a problem; but closes the connection if the
   * response has begun, as when an endpoint that takes no body has answered before its end.
   *
   * @param earlier how many requests are to be answered before; −1: this one has been, too
   */
  private void refuse(RefusedRequest why, int earlier) {
    refusal = why;
    answersFirst = earlier;
    decoder.setSingleDecode(true);
    if (earlier < 0 || (earlier == 0 && responding)) {
      connection.close("its client sent what is not HTTP");
    } else if (earlier == 0) {
      sendRefusal(why);
    }
  }

  private void sendRefusal(RefusedRequest why) {
    requests.discard();
    connection.endWith(connection.contextOf(decoder), why.response());
  }
}
