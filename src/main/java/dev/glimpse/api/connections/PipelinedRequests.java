package dev.glimpse.api.connections;

import dev.glimpse.api.http.BodyLoan;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Passes the requests of an HTTP/1 connection to Vert.x one by one: the next when the one before it
 * is answered. Vert.x would take it earlier, but throws a NullPointerException when the connection
 * ends while a request has arrived in part and is not begun, so that the handlers of the request in
 * progress are never called. It also drops what follows a request with {@code Connection: close}
 * without releasing its memory. Confined to the connection's event loop.
 */
final class PipelinedRequests {

  private final BodyLoan loan;

  /** Parts of requests, in order; if there are any, the first one begins a request. */
  private final Queue<Object> waiting = new ArrayDeque<>();

  private boolean inProgress;
  private boolean last;

  /** Whether it is the service that wants no further request, so that Vert.x does not close. */
  private boolean ends;

  /**
   * Starts without requests.
   *
   * @param loan lends parts of bodies to those that read them
   */
  PipelinedRequests(BodyLoan loan) {
    this.loan = loan;
  }

  /** Returns whether a request waits for its turn; the one that arrived last is among them. */
  boolean hasWaiting() {
    return !waiting.isEmpty();
  }

  /**
   * Passes on a part of a request, or keeps it until it is that request's turn.
   *
   * @param message of which this takes ownership
   */
  void read(ChannelHandlerContext context, Object message) {
    waiting.add(message);
    passOn(context);
  }

  /** Notes that the request that was passed on last is answered. */
  void answered() {
    inProgress = false;
  }

  /** Notes that the response in progress says that it is the connection's last one. */
  void endWithThis() {
    ends |= !last;
    last = true;
  }

  /** Returns whether the last response has been written, and the service has to close. */
  boolean hasEnded() {
    return ends && !inProgress;
  }

  /** Passes on the next request, if the one before it is answered, as far as it has arrived. */
  void passOnNext(ChannelHandlerContext context) {
    if (context.channel().isActive() && passOn(context)) {
      context.fireChannelReadComplete(); // Vert.x writes nothing to the socket before
    }
  }

  private boolean passOn(ChannelHandlerContext context) {
    boolean any = false;
    while (!waiting.isEmpty() && isItsTurn(waiting.element())) {
      any = true;
      Object message = waiting.remove();
      if (message instanceof HttpRequest request) {
        begin(request);
      }
      if (message instanceof HttpContent part && loan.isOpen()) {
        loan.lend(part, context::fireChannelRead);
      } else {
        context.fireChannelRead(message);
      }
    }
    return any;
  }

  private boolean isItsTurn(Object message) {
    return !(message instanceof HttpRequest && (inProgress || last));
  }

  /** Vert.x looks for one value of {@code Connection} and knows two versions: it gets no others. */
  private void begin(HttpRequest request) {
    inProgress = true;
    boolean old = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
    boolean known = old || request.protocolVersion().equals(HttpVersion.HTTP_1_1);
    if (!known || !HttpUtil.isKeepAlive(request)) {
      last = true;
      request.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    } else if (old) {
      request.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
    }
  }

  /** Releases what has not been passed on, and takes back what was lent. */
  void discard() {
    loan.end();
    for (Object message = waiting.poll(); message != null; message = waiting.poll()) {
      ReferenceCountUtil.release(message);
    }
  }
}
