package dev.glimpse.api.grpc;

import dev.glimpse.failure.Failure;

/**
 * Lists the <a href="https://github.com/grpc/grpc/blob/master/doc/statuscodes.md">status codes</a>
 * of gRPC that a call ends with, and maps the kinds of failure to them.
 */
public enum GrpcStatus {
  OK(0),
  CANCELLED(1),
  INVALID_ARGUMENT(3),
  DEADLINE_EXCEEDED(4),
  NOT_FOUND(5),
  PERMISSION_DENIED(7),
  RESOURCE_EXHAUSTED(8),
  FAILED_PRECONDITION(9),
  UNIMPLEMENTED(12),
  INTERNAL(13),
  UNAVAILABLE(14),
  UNAUTHENTICATED(16);

  private final int code;

  GrpcStatus(int code) {
    this.code = code;
  }

  /** Returns the number that ends a call. */
  public int code() {
    return code;
  }

  /**
   * Returns the status of a failure. Clients try again by themselves where it is UNAVAILABLE, so
   * that is what may succeed soon without a change.
   */
  public static GrpcStatus of(Failure failure) {
    return switch (failure) {
      case MALFORMED_REQUEST,
          INVALID_PARAMETER,
          NOT_ACCEPTABLE,
          URI_TOO_LONG,
          HEADERS_TOO_LARGE,
          UPGRADE_REQUIRED,
          UNSUPPORTED_MEDIA_TYPE,
          UNREADABLE_IMAGE,
          UNFETCHED_PICTURE,
          UNFIT_TENSOR ->
          INVALID_ARGUMENT;
      case UNAUTHORIZED -> UNAUTHENTICATED;
      case FORBIDDEN -> PERMISSION_DENIED;
      case NOT_FOUND, UNKNOWN_MODEL -> NOT_FOUND;
      case METHOD_NOT_ALLOWED -> UNIMPLEMENTED;
      case TOO_LARGE, TOO_MANY_REQUESTS -> RESOURCE_EXHAUSTED;
      case UNSERVABLE_MODEL -> FAILED_PRECONDITION;
      case CLIENT_GONE -> CANCELLED;
      case INTERNAL -> INTERNAL;
      case REQUEST_TIMEOUT, OVERLOADED, QUEUE_TIMEOUT, NOT_READY -> UNAVAILABLE;
      case DEADLINE_PASSED -> DEADLINE_EXCEEDED;
    };
  }
}
