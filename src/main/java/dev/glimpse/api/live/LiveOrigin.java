package dev.glimpse.api.live;

import org.jspecify.annotations.Nullable;

/**
 * Tells pages of this service from those of others, whose scripts may open WebSockets to any
 * address that their reader's browser reaches.
 */
final class LiveOrigin {

  private LiveOrigin() {}

  /**
   * Returns whether a page of the same host and port has opened a WebSocket, or a client that is no
   * browser. The scheme is not compared: TLS may end at a proxy.
   *
   * @param origin the header, if there is one
   * @param host the header {@code Host}, or what stands for it
   */
  static boolean isSame(@Nullable String origin, @Nullable String host) {
    if (origin == null) {
      return true;
    }
    int authority = origin.indexOf("://");
    return authority > 0 && origin.substring(authority + 3).equalsIgnoreCase(host);
  }
}
