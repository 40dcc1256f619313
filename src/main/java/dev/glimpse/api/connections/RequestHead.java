package dev.glimpse.api.connections;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.List;
import java.util.Optional;

/**
 * Checks the head of a request for what servers and proxies read differently, so that none takes
 * the end of one request for the beginning of another.
 */
final class RequestHead {

  private RequestHead() {}

  /** Returns what is wrong with it, in a sentence; empty if nothing is. */
  static Optional<String> fault(HttpRequest request) {
    if (request.decoderResult().isFailure()) {
      Throwable cause = request.decoderResult().cause();
      return cause instanceof TooLongHttpLineException
              || cause instanceof TooLongHttpHeaderException
          ? Optional.empty() // Vert.x answers these with 414 and 431
          : Optional.of("The head of the request is not valid HTTP.");
    }
    int hosts = request.headers().getAll(HttpHeaderNames.HOST).size();
    if (hosts > 1 || (hosts == 0 && request.protocolVersion().equals(HttpVersion.HTTP_1_1))) {
      return Optional.of(
          hosts == 0
              ? "The request has no Host header, which HTTP/1.1 requires."
              : "The request has more than one Host header.");
    }
    List<String> codings = request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
    if (codings.isEmpty()) {
      return Optional.empty();
    }
    if (request.headers().contains(HttpHeaderNames.CONTENT_LENGTH)) {
      return Optional.of("The request has a Transfer-Encoding and a Content-Length; send one.");
    }
    return codings.size() == 1 && codings.get(0).strip().equalsIgnoreCase("chunked")
        ? Optional.empty()
        : Optional.of("The only Transfer-Encoding that is supported is chunked.");
  }
}
