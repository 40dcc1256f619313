package dev.glimpse.pull;

import java.net.URI;
import java.util.Set;

/** Decides which addresses requests are sent to: https anywhere, http on loopback only. */
final class DownloadUrls {

  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private DownloadUrls() {}

  /**
   * Parses an address and checks it.
   *
   * @throws FetchException if it is not valid, or not allowed
   */
  static URI of(String text) {
    URI address;
    try {
      address = URI.create(text);
    } catch (IllegalArgumentException e) {
      throw new FetchException("\"" + text + "\" is not a valid address.", e);
    }
    require(address, address);
    return address;
  }

  /**
   * Checks an address, or the target of a redirect. A redirect from https to http is rejected, even
   * on loopback.
   *
   * @param requested the address of the first request
   * @param address the same, or the address that it redirects to
   * @throws FetchException if the address is not allowed
   */
  static void require(URI requested, URI address) {
    boolean allowed =
        address.getHost() != null
            && address.getUserInfo() == null
            && ("https".equals(address.getScheme()) || isLoopbackHttp(requested, address));
    if (!allowed && requested.equals(address)) {
      throw new FetchException(
          "\"%s\" is not allowed: models are fetched by https only, from addresses without a user name."
              .formatted(address));
    }
    if (!allowed) {
      throw new FetchException(
          "%s redirects to \"%s\", which is not followed: models are fetched by https only."
              .formatted(requested, address));
    }
  }

  private static boolean isLoopbackHttp(URI requested, URI address) {
    return "http".equals(requested.getScheme())
        && "http".equals(address.getScheme())
        && LOOPBACK.contains(address.getHost());
  }
}
