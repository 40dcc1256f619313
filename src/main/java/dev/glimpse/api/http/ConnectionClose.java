package dev.glimpse.api.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;

/**
 * Announces that a connection ends with the response. Only HTTP/1 has a header for that; clients of
 * HTTP/2 have to take a response with it for malformed (RFC 9113, section 8.2.2).
 */
final class ConnectionClose {

  private ConnectionClose() {}

  /** Sets the header, if the request came by HTTP/1; returns whether it did. */
  static boolean announce(RoutingContext context) {
    boolean http1 = context.request().version() != HttpVersion.HTTP_2;
    if (http1) {
      context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
    return http1;
  }
}
