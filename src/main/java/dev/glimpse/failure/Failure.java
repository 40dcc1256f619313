package dev.glimpse.failure;

import java.util.Locale;

/**
 * Lists the kinds of failure that a client can receive, each with its HTTP status and title, and
 * whether the same request may succeed later.
 */
public enum Failure {
  MALFORMED_REQUEST(400, "Malformed request", false),
  INVALID_PARAMETER(400, "Invalid parameter", false),
  /** A key, a token or the admin token is missing or wrong. */
  UNAUTHORIZED(401, "Unauthorized", false),
  /** The settings have not enabled this, or the caller does not have the role that it needs. */
  FORBIDDEN(403, "Forbidden", false),
  NOT_FOUND(404, "Not found", false),
  UNKNOWN_MODEL(404, "Unknown model", false),
  METHOD_NOT_ALLOWED(405, "Method not allowed", false),
  NOT_ACCEPTABLE(406, "Not acceptable", false),
  REQUEST_TIMEOUT(408, "Request timeout", true),
  TOO_LARGE(413, "Too large", false),
  URI_TOO_LONG(414, "URI too long", false),
  UNSUPPORTED_MEDIA_TYPE(415, "Unsupported media type", false),
  UNREADABLE_IMAGE(422, "Unreadable image", false),
  UNFETCHED_PICTURE(422, "Picture not fetched", false),
  UNFIT_TENSOR(422, "Unfit tensor", false),
  /** The model in the repository cannot be served. */
  UNSERVABLE_MODEL(422, "Unservable model", false),
  UPGRADE_REQUIRED(426, "Upgrade required", false),
  TOO_MANY_REQUESTS(429, "Too many requests", true),
  HEADERS_TOO_LARGE(431, "Headers too large", false),
  /**
   * The client has closed the connection, so it receives nothing; the status is nginx's, for logs.
   */
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

  /** Returns the HTTP status code, 400 to 599. */
  public int status() {
    return status;
  }

  /** Returns a short title for people, the same for every failure of this kind. */
  public String title() {
    return title;
  }

  /** Tells whether the same request may succeed when it is sent again later. */
  public boolean retryable() {
    return retryable;
  }

  /** Returns a short name for machines: lower case, hyphens between words. */
  public String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
