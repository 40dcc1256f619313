package dev.glimpse.api.problem;

import java.util.regex.Pattern;

/** In whose words a problem is told: in our own, or in those of the protocol that was spoken. */
enum ErrorFormat {
  /** RFC 9457. */
  PROBLEM,
  /** {@link ProtocolError}. */
  PROTOCOL;

  private static final Pattern ADDRESSES = Pattern.compile("/v[12](/.*)?");

  /** By the address that was asked. */
  static ErrorFormat of(String path) {
    return ADDRESSES.matcher(path).matches() ? PROTOCOL : PROBLEM;
  }
}
