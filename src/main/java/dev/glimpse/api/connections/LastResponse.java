package dev.glimpse.api.connections;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpRequestDecoder;
import org.jspecify.annotations.Nullable;

/**
 * Ends a connection of HTTP/1 with its last response: one of the service that says so, or the
 * problem that a request which is not valid gets, after those before it have been answered.
 * Confined to the connection's event loop.
 */
final class LastResponse {

  /** Ends the connection. */
  interface Connection {

    /** Closes it when this, the last response or what is missing of it, has been written. */
    void endWith(ByteBuf response);

    /** Closes it at once, and logs why. */
    void close(String reason);
  }

  private final Connection connection;
  private final HttpRequestDecoder decoder;
  private final PipelinedRequests requests;
  private @Nullable RefusedRequest refusal;
  private int answersFirst;

  /** Whether a last response of the service has been written, and its request has arrived. */
  private boolean ended;

  LastResponse(Connection connection, HttpRequestDecoder decoder, PipelinedRequests requests) {
    this.connection = connection;
    this.decoder = decoder;
    this.requests = requests;
  }

  /** Returns whether a request has been refused, which is the last one to be answered. */
  boolean isRefusal() {
    return refusal != null;
  }

  /** Returns whether what arrives is not to be read any more. */
  boolean endsReading() {
    return isRefusal() || ended;
  }

  /** Returns whether the connection has had a refusal, so that nothing may follow. */
  boolean isWritten() {
    return isRefusal() && answersFirst <= 0;
  }

  /**
   * Takes no further request, and answers this one with a problem; but closes the connection if the
   * response has begun, as when an endpoint that takes no body has answered before its end.
   *
   * @param earlier how many requests are to be answered before; −1: this one has been, too
   * @param responding whether the response of the next one has begun
   */
  void refuse(RefusedRequest why, int earlier, boolean responding) {
    refusal = why;
    answersFirst = earlier;
    decoder.setSingleDecode(true);
    if (earlier < 0 || (earlier == 0 && responding)) {
      connection.close("its client sent what is not HTTP");
    } else if (earlier == 0) {
      sendRefusal(why);
    }
  }

  /** Notes that a request has been answered. */
  void answered() {
    if (refusal != null && --answersFirst == 0) {
      sendRefusal(refusal);
    }
  }

  private void sendRefusal(RefusedRequest why) {
    requests.discard();
    connection.endWith(why.response());
  }

  /**
   * Closes the connection when the service's last response has been written, and its request has
   * arrived: the client reads the response, however much of a body it sends before.
   *
   * @param receiving whether a request is arriving
   */
  void endIfWritten(boolean receiving) {
    boolean arrived = !receiving || requests.hasWaiting();
    if (!endsReading() && requests.hasEnded() && arrived) {
      ended = true;
      requests.discard();
      connection.endWith(Unpooled.EMPTY_BUFFER);
    }
  }
}
