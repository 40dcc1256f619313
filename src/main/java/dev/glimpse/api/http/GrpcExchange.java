package dev.glimpse.api.http;

import io.vertx.core.AsyncResult;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/**
 * Recognizes requests of <a
 * href="https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md">gRPC</a>, whose messages
 * are in protobuf. It needs HTTP/2, as its status follows the response.
 */
public final class GrpcExchange {

  /** What precedes each message: whether it is compressed, and its length in 4 bytes. */
  public static final int PREFIX_BYTES = 5;

  /** The header that names how messages are compressed. */
  public static final String ENCODING = "grpc-encoding";

  /** The header that says how messages of the other side may be compressed. */
  public static final String ACCEPT_ENCODING = "grpc-accept-encoding";

  private static final String TYPE = "application/grpc";
  private static final String PROTOBUF = "+proto";

  private GrpcExchange() {}

  /** Returns whether a request is one of gRPC. */
  public static boolean is(HttpServerRequest request) {
    return request.version() == HttpVersion.HTTP_2
        && isType(request.getHeader(HttpHeaders.CONTENT_TYPE));
  }

  /**
   * Returns whether a request has been answered when its exchange has ended. Vert.x says of a
   * response with trailers that its stream was closed before it says that it has ended.
   *
   * @param ended what an end handler receives
   */
  static boolean isAnswered(RoutingContext context, AsyncResult<Void> ended) {
    return ended.succeeded() || (is(context.request()) && context.response().ended());
  }

  /** Returns whether a content type is that of gRPC with messages in protobuf. */
  public static boolean isType(@Nullable String type) {
    if (type == null || !type.regionMatches(true, 0, TYPE, 0, TYPE.length())) {
      return false;
    }
    int end = type.indexOf(';') < 0 ? type.length() : type.indexOf(';');
    String format = type.substring(TYPE.length(), Math.max(end, TYPE.length())).strip();
    return format.isEmpty() || format.equalsIgnoreCase(PROTOBUF);
  }
}
