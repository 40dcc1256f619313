package dev.glimpse.api.grpc;

import dev.glimpse.failure.Failure;
import java.util.Optional;

/**
 * Describes a failure as <a
 * href="https://github.com/googleapis/googleapis/blob/master/google/rpc/error_details.proto">gRPC's
 * error details</a>: the code of the failure, the parameter that is wrong, and when to try again.
 */
public final class StatusDetails {

  private static final String TYPES = "type.googleapis.com/google.rpc.";
  private static final String DOMAIN = "glimpse";

  private StatusDetails() {}

  /**
   * Returns a {@code google.rpc.Status}.
   *
   * @param detail the sentence for people
   * @param parameter what is wrong, if it is one thing
   * @param id the request's
   * @param retryAfter in seconds; 0: not known
   */
  public static byte[] of(
      Failure failure, String detail, Optional<String> parameter, String id, int retryAfter) {
    MessageWriter status =
        new MessageWriter()
            .number(1, GrpcStatus.of(failure).code())
            .text(2, GrpcResponse.shortened(detail))
            .message(3, any("ErrorInfo", errorInfo(failure, parameter)))
            .message(3, any("RequestInfo", new MessageWriter().text(1, id)));
    if (retryAfter > 0) {
      MessageWriter duration = new MessageWriter().number(1, retryAfter);
      status.message(3, any("RetryInfo", new MessageWriter().message(1, duration)));
    }
    return status.toBytes();
  }

  private static MessageWriter errorInfo(Failure failure, Optional<String> parameter) {
    MessageWriter info = new MessageWriter().text(1, failure.name()).text(2, DOMAIN);
    parameter.ifPresent(
        name -> info.message(3, new MessageWriter().text(1, "parameter").text(2, name)));
    return info;
  }

  private static MessageWriter any(String type, MessageWriter value) {
    return new MessageWriter().text(1, TYPES + type).message(2, value);
  }
}
