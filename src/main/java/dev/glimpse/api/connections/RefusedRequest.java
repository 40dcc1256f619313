package dev.glimpse.api.connections;

import dev.glimpse.api.http.RequestId;
import dev.glimpse.failure.Failure;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Holds a request that is refused before the endpoints see it, and writes the response, a problem
 * (RFC 9457): one that is not valid HTTP/1, the last of its connection, or one of HTTP/2 for whose
 * stream there is no room.
 *
 * @param method as the client sent it; UNKNOWN if that could not be read
 * @param path as the client sent it, without the query
 * @param id the client's, or a new one
 * @param failure what it is answered with
 * @param detail what is wrong, without characters that JSON has to escape
 */
record RefusedRequest(String method, String path, String id, Failure failure, String detail) {

  /**
   * Reads what is known of a request.
   *
   * @param request null if there was none
   */
  static RefusedRequest of(@Nullable HttpRequest request, Failure failure, String detail) {
    String id = RequestId.choose(id(request));
    if (request == null || request.decoderResult().isFailure()) {
      return new RefusedRequest("UNKNOWN", "-", id, failure, detail);
    }
    String path = request.uri().split("\\?", 2)[0];
    return new RefusedRequest(request.method().name(), path, id, failure, detail);
  }

  private static @Nullable String id(@Nullable HttpRequest request) {
    return request == null ? null : request.headers().get(RequestId.HEADER);
  }

  /** The media type of {@link #body}. */
  static final String TYPE = "application/problem+json";

  /** The name of the header with the id, as HTTP/2 has it. */
  static final String ID = RequestId.HEADER.toLowerCase(Locale.ROOT);

  /** Reads what is known of a request of HTTP/2. */
  static RefusedRequest of(Http2Headers request, Failure failure, String detail) {
    CharSequence id = request.get(ID);
    return new RefusedRequest(
        text(request.method(), "UNKNOWN"),
        text(request.path(), "-").split("\\?", 2)[0],
        RequestId.choose(id == null ? null : id.toString()),
        failure,
        detail);
  }

  private static String text(@Nullable CharSequence value, String otherwise) {
    return value == null ? otherwise : value.toString();
  }

  /** Returns the problem. */
  byte[] body() {
    return "{\"type\":\"urn:glimpse:problem:%s\",\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\",\"id\":\"%s\"}"
        .formatted(failure.code(), failure.title(), failure.status(), detail, id)
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** Returns the whole response, its head included. */
  ByteBuf response() {
    byte[] body = body();
    String head =
        """
        HTTP/1.1 %s
        Content-Type: %s
        %s: %s
        Connection: close
        Content-Length: %d

        """
            .formatted(
                HttpResponseStatus.valueOf(failure.status()),
                TYPE,
                RequestId.HEADER,
                id,
                body.length)
            .replace("\n", "\r\n");
    return Unpooled.wrappedBuffer(head.getBytes(StandardCharsets.US_ASCII), body);
  }
}
