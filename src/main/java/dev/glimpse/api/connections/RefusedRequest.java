package dev.glimpse.api.connections;

import dev.glimpse.api.http.RequestId;
import dev.glimpse.failure.Failure;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes the last response of a connection whose client sent what is not valid HTTP, as a problem
 * (RFC 9457). Such requests never reach the endpoints, nor their way of writing problems.
 */
final class RefusedRequest {

  private RefusedRequest() {}

  /**
   * Returns the response.
   *
   * @param request whose id it has; null if there was none
   * @param detail without characters that JSON has to escape
   */
  static ByteBuf response(@Nullable HttpRequest request, String detail) {
    Failure failure = Failure.MALFORMED_REQUEST;
    String id = RequestId.choose(request == null ? null : request.headers().get(RequestId.HEADER));
    String body =
        "{\"type\":\"urn:glimpse:problem:%s\",\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\",\"id\":\"%s\"}"
            .formatted(failure.code(), failure.title(), failure.status(), detail, id);
    String head =
        """
        HTTP/1.1 %d Bad Request
        Content-Type: application/problem+json
        %s: %s
        Connection: close
        Content-Length: %d

        """
            .formatted(failure.status(), RequestId.HEADER, id, body.length())
            .replace("\n", "\r\n");
    return Unpooled.copiedBuffer(head + body, StandardCharsets.US_ASCII);
  }
}
