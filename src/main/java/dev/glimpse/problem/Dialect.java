package dev.glimpse.problem;

/** In whose words a problem is told: in our own, or in those of the protocol that was spoken. */
enum Dialect {
  /** RFC 9457. */
  PROBLEM,
  /** {@link ProtocolError}. */
  PROTOCOL;

  /** By the address that was asked. */
  static Dialect of(String path) {
    return path.equals("/v2") || path.startsWith("/v2/") ? PROTOCOL : PROBLEM;
  }
}
