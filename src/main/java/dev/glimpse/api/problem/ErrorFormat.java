package dev.glimpse.api.problem;

/** In whose words a problem is told: in our own, or in those of the protocol that was spoken. */
enum ErrorFormat {
  /** RFC 9457. */
  PROBLEM,
  /** {@link ProtocolError}. */
  PROTOCOL;

  /** By the address that was asked. */
  static ErrorFormat of(String path) {
    boolean protocol =
        path.equals("/v1")
            || path.equals("/v2")
            || path.startsWith("/v1/")
            || path.startsWith("/v2/");
    return protocol ? PROTOCOL : PROBLEM;
  }
}
