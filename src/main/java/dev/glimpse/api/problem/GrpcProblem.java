package dev.glimpse.api.problem;

import dev.glimpse.api.grpc.GrpcResponse;
import dev.glimpse.api.grpc.GrpcStatus;
import dev.glimpse.api.grpc.StatusDetails;
import dev.glimpse.api.http.ContentCoding;
import dev.glimpse.api.http.GrpcExchange;
import dev.glimpse.api.http.RequestId;
import dev.glimpse.api.http.RequestLog;
import dev.glimpse.failure.AsyncFailures;
import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** Ends a call of gRPC with the status of a failure, and the sentence that a problem has. */
final class GrpcProblem {

  private GrpcProblem() {}

  /** Ends a call. An unexpected failure is logged, and reveals nothing. */
  static void end(RoutingContext context, Throwable failure) {
    String id = RequestId.of(context);
    String detail = Problems.of(failure, id).detail();
    Failure kind = Failure.INTERNAL;
    Optional<String> parameter = Optional.empty();
    int retryAfter = 0;
    if (AsyncFailures.cause(failure) instanceof ServingException refused) {
      kind = refused.failure();
      parameter = refused.parameter();
      retryAfter = refused.retryAfter().orElse(0);
    }
    RequestLog.failed(context, kind);
    GrpcResponse.fail(
        context.response(),
        status(context, kind, parameter),
        detail,
        StatusDetails.of(kind, detail, parameter, id, retryAfter),
        retryAfter);
  }

  /**
   * Returns the status of a failure. The protocol has others for messages that are compressed in an
   * unknown way, and for those that do not say how: <a
   * href="https://github.com/grpc/grpc/blob/master/doc/compression.md">compression.md</a>.
   */
  private static GrpcStatus status(
      RoutingContext context, Failure kind, Optional<String> parameter) {
    String encoding = context.request().getHeader(GrpcExchange.ENCODING);
    if (kind == Failure.UNSUPPORTED_MEDIA_TYPE && !ContentCoding.isSupported(encoding)) {
      return GrpcStatus.UNIMPLEMENTED;
    }
    return parameter.filter(GrpcExchange.ENCODING::equals).isPresent()
        ? GrpcStatus.INTERNAL
        : GrpcStatus.of(kind);
  }
}
