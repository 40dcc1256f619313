package dev.glimpse.api.connections;

import dev.glimpse.failure.Failure;
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

  /** Returns why it is refused; empty if nothing is wrong with it. */
  static Optional<RefusedRequest> fault(HttpRequest request) {
    return request.decoderResult().isFailure()
        ? Optional.of(unreadable(request))
        : invalid(request)
            .map(detail -> RefusedRequest.of(request, Failure.MALFORMED_REQUEST, detail));
  }

  private static RefusedRequest unreadable(HttpRequest request) {
    Throwable cause = request.decoderResult().cause();
    if (cause instanceof TooLongHttpLineException) {
      return RefusedRequest.of(
          request,
          Failure.URI_TOO_LONG,
          "The request line is too long; send parameters in the body.");
    }
    if (cause instanceof TooLongHttpHeaderException) {
      return RefusedRequest.of(
          request,
          Failure.HEADERS_TOO_LARGE,
          "The headers of the request are too large; send fewer or shorter ones.");
    }
    return RefusedRequest.of(
        request, Failure.MALFORMED_REQUEST, "The head of the request is not valid HTTP.");
  }

  /** Returns what is wrong with it, in a sentence; empty if nothing is. */
  private static Optional<String> invalid(HttpRequest request) {
    if (request.protocolVersion().majorVersion() != 1) {
      return Optional.of("The request is written as one of HTTP/1, but names another version.");
    }
    int hosts = request.headers().getAll(HttpHeaderNames.HOST).size();
    if (hosts > 1) {
      return Optional.of("The request has more than one Host header.");
    }
    if (hosts == 0 && request.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
      return Optional.of("The request has no Host header, which HTTP/1.1 requires.");
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
