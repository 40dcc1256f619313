package dev.glimpse.api.problem;

/** The format of error responses: problem+json, or that of an inference protocol. */
enum ErrorFormat {
  /** RFC 9457. */
  PROBLEM,
  /** {@link ProtocolError}. */
  PROTOCOL;

  /** Returns the format for a request's path. */
  static ErrorFormat of(String path) {
    boolean protocol =
        path.equals("/v1")
            || path.equals("/v2")
            || path.startsWith("/v1/")
            || path.startsWith("/v2/");
    return protocol ? PROTOCOL : PROBLEM;
  }
}
