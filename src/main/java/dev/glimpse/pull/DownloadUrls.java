package dev.glimpse.pull;

import java.net.URI;
import java.util.Set;

/** Which addresses are asked: https, or http on this very machine. */
final class DownloadUrls {

  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private DownloadUrls() {}

  /**
   * An address that somebody wrote.
   *
   * @throws FetchException if it is none that is asked
   */
  static URI of(String text) {
    URI address;
    try {
      address = URI.create(text);
    } catch (IllegalArgumentException e) {
      throw new FetchException("\"" + text + "\" is no address.", e);
    }
    require(address, address);
    return address;
  }

  /**
   * Whoever asked by https is not led to http, not even on this machine.
   *
   * @param asked the address that was asked for
   * @param address itself, or where it redirects to
   * @throws FetchException if that is not followed
   */
  static void require(URI asked, URI address) {
    boolean good =
        address.getHost() != null
            && address.getUserInfo() == null
            && ("https".equals(address.getScheme()) || onThisMachine(asked, address));
    if (!good && asked.equals(address)) {
      throw new FetchException("\"%s\" is not fetched: models come by https.".formatted(address));
    }
    if (!good) {
      throw new FetchException(
          "%s redirects to \"%s\", which is not followed: models come by https."
              .formatted(asked, address));
    }
  }

  private static boolean onThisMachine(URI asked, URI address) {
    return "http".equals(asked.getScheme())
        && "http".equals(address.getScheme())
        && LOOPBACK.contains(address.getHost());
  }
}
