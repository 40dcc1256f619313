package dev.glimpse.failure;

import java.util.Locale;

/**
 * The kinds of failure that a caller can meet: what HTTP calls it, and whether the same request may
 * succeed when it is sent again.
 */
public enum Failure {
  MALFORMED_REQUEST(400, "Malformed request", false),
  INVALID_PARAMETER(400, "Invalid parameter", false),
  /** The admin token is missing, or another. */
  UNAUTHORIZED(401, "Unauthorized", false),
  /** What the settings have not switched on. */
  FORBIDDEN(403, "Forbidden", false),
  NOT_FOUND(404, "Not found", false),
  UNKNOWN_MODEL(404, "Unknown model", false),
  METHOD_NOT_ALLOWED(405, "Method not allowed", false),
  NOT_ACCEPTABLE(406, "Not acceptable", false),
  REQUEST_TIMEOUT(408, "Request timeout", true),
  TOO_LARGE(413, "Too large", false),
  UNSUPPORTED_MEDIA_TYPE(415, "Unsupported media type", false),
  UNREADABLE_IMAGE(422, "Unreadable image", false),
  UNFETCHED_PICTURE(422, "Picture not fetched", false),
  UNFIT_TENSOR(422, "Unfit tensor", false),
  /** What the repository holds is not fit to be served. */
  UNSERVABLE_MODEL(422, "Unservable model", false),
  /** Nobody hears of it: the client has closed the connection. The status is nginx's, for logs. */
  CLIENT_GONE(499, "Client gone", false),
  INTERNAL(500, "Internal error", false),
  OVERLOADED(503, "Overloaded", true),
  QUEUE_TIMEOUT(503, "Waited too long", true),
  NOT_READY(503, "Not ready", true),
  DEADLINE_PASSED(504, "Deadline passed", true);

  private final int status;
  private final String title;
  private final boolean retryable;

  Failure(int status, String title, boolean retryable) {
    this.status = status;
    this.title = title;
    this.retryable = retryable;
  }

  /** The HTTP status code, 400 to 599. */
  public int status() {
    return status;
  }

  /** A short name for people; the same for every failure of this kind. */
  public String title() {
    return title;
  }

  /** Whether the same request may succeed when it is sent again later. */
  public boolean retryable() {
    return retryable;
  }

  /** A short name for machines: lower case, hyphens between words. */
  public String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
